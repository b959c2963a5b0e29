//! Reads a result in the gateway's envelope in one pass, if the envelope has its usual form.

use std::fmt;

use serde_core::de::{Deserializer as _, Error as _, IgnoredAny, MapAccess, Visitor};

use crate::{
    gateway::knows,
    model::{
        Decodable,
        meter::Meter,
        one_pass::{ResultSeed, read_whole},
    },
};

/// Reads the result from the body of the gateway's response. The result must have `property`.
pub(crate) fn read<T: Decodable>(body: &[u8], property: Option<&'static str>, meter: &Meter) -> Option<T> {
    let seed = ResultSeed::new(property, meter);
    read_whole(body, |reader| reader.deserialize_map(Envelope { seed }))
}

/// The gateway's envelope, by the rules of `envelope::unwrap`. Requires the order in which the gateway writes the
/// properties: those that identify an envelope come before the result.
struct Envelope<'m, T> {
    seed: ResultSeed<'m, T>,
}

impl<'de, T: Decodable> Visitor<'de> for Envelope<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the gateway's envelope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let (mut has_provider, mut is_result, mut value) = (false, false, None);
        while let Some(key) = map.next_key::<&str>()? {
            match key {
                "result" if has_provider && value.is_none() => {
                    is_result = true;
                    value = Some(map.next_value_seed(&self.seed)?);
                    continue;
                }
                "data" if value.is_none() => {
                    // If the result may have a `data` too, only a nested `data` shows that the outer one is the
                    // envelope's.
                    let own = || (!has_provider && knows::model_knows::<T>("data")).then_some("data");
                    let property = self.seed.property.or_else(own);
                    value = Some(map.next_value_seed(&ResultSeed::new(property, self.seed.meter))?);
                    continue;
                }
                "result" => return Err(A::Error::custom("`result` in an unusual place")),
                "provider" => has_provider = true,
                "message" => {}
                // Other properties may follow a result.
                _ if is_result => {}
                _ => return Err(A::Error::custom("an unusual envelope")),
            }
            map.next_value::<IgnoredAny>()?;
        }
        value.ok_or_else(|| A::Error::custom("no envelope"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        gateway::Gateway,
        model::{Decoder, Failure, Field, list_envelope::ListEnvelope, one_pass},
        reply::decode::{Reply, decode_any_form},
        shown::redact::Secrets,
    };

    #[derive(Debug, PartialEq)]
    struct Page {
        data: Vec<Item>,
        next: Option<String>,
    }

    impl Decodable for Page {
        fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
            let mut data = Vec::new();
            let mut next = None;
            from.object(&mut [Field::list("data", &mut data), Field::optional("next", &mut next)])?;
            Ok(Self { data, next })
        }
    }

    #[derive(Debug, PartialEq)]
    struct Item {
        id: Option<i32>,
    }

    impl Decodable for Item {
        fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
            let mut id = None;
            from.object(&mut [Field::optional("id", &mut id)])?;
            Ok(Self { id })
        }
    }

    /// Reads a page in one pass.
    fn read(body: &str, gateway: bool, property: Option<&'static str>) -> Option<Page> {
        let read = if gateway { super::read } else { one_pass::read };
        read(body.as_bytes(), property, &Meter::ambient())
    }

    const FORM: ListEnvelope = ListEnvelope { property: "data", siblings: &["next"] };

    fn in_any_form(body: &str, gateway: bool) -> Option<Page> {
        in_form(body, gateway, Some(FORM))
    }

    fn in_form(body: &str, gateway: bool, list_envelope: Option<ListEnvelope>) -> Option<Page> {
        let (status, body) = (reqwest::StatusCode::OK, bytes::Bytes::from(body.to_owned()));
        let (content_type, accept, secrets) = ("application/json", None, &Secrets::default());
        let (limit, gateway_of_lowcodeapi) = (usize::MAX, Gateway::default());
        let gateway = gateway.then_some(&gateway_of_lowcodeapi);
        decode_any_form(&Reply {
            status,
            body,
            gateway,
            content_type,
            event: None,
            redirect: None,
            accept,
            list_envelope,
            #[cfg(feature = "catalogue")]
            outcomes: &[],
            secrets,
            limit,
        })
        .ok()
    }

    /// JSON text with names in any order, some more than once.
    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![Just("1"), Just("null"), Just("\"a\""), Just("{\"id\": 1}"), Just("[{\"id\": 1}]")];
        leaf.prop_map(str::to_owned).prop_recursive(3, 24, 4, |inner| {
            let name = prop_oneof![Just("data"), Just("result"), Just("provider"), Just("message"), Just("next")];
            let property = (name, inner.clone()).prop_map(|(name, value)| format!("\"{name}\": {value}"));
            prop_oneof![
                3 => prop::collection::vec(property, 0..5).prop_map(|all| format!("{{{}}}", all.join(", "))),
                1 => prop::collection::vec(inner, 0..3).prop_map(|all| format!("[{}]", all.join(", "))),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn one_pass_reads_what_others_would(body in json(), gateway: bool) {
            if let Some(page) = read(&body, gateway, Some("data")) {
                prop_assert_eq!(Some(page), in_any_form(&body, gateway));
            }
            if let Some(page) = read(&body, gateway, None) {
                prop_assert_eq!(Some(page), in_form(&body, gateway, None));
            }
        }
    }

    #[test]
    fn the_usual_forms_are_read() {
        let page = r#"{"next": "b", "data": [{"id": 1}], "more": {}}"#;
        let expected = in_any_form(page, false);
        assert!(expected.is_some());
        assert_eq!(read(page, false, Some("data")), expected);
        for envelope in [
            format!(r#"{{"message": "m", "provider": "p", "result": {page}, "response_headers": {{}}}}"#),
            format!(r#"{{"data": {page}}}"#),
            format!(r#"{{"message": "m", "data": {page}, "provider": "p"}} "#),
        ] {
            assert_eq!(read(&envelope, true, Some("data")), expected, "{envelope}");
        }
    }

    #[test]
    fn data_alone_is_an_envelope_unless_it_is_the_results_own() {
        let list = r#"{"data": [{"id": 1}]}"#;
        let page = in_form(list, false, None);
        assert!(page.as_ref().is_some_and(|page| page.data.len() == 1));
        assert_eq!((read(list, true, None), in_form(list, true, None)), (None, page));
        let envelope = format!(r#"{{"data": {list}}}"#);
        assert_eq!(read(&envelope, true, None), in_form(list, false, None));
        assert_eq!(in_form(&envelope, true, None), in_form(list, false, None));
        let without = r#"{"data": {"next": "b"}}"#;
        assert_eq!(in_form(without, true, None).and_then(|page| page.next).as_deref(), Some("b"));
    }

    #[test]
    fn what_is_not_what_it_seems_is_left_alone() {
        let page = r#"{"data": [{"id": 1}]}"#;
        for body in [
            // Not envelopes, or envelopes whose result is elsewhere.
            format!(r#"{{"result": {page}}}"#),
            format!(r#"{{"result": {page}, "provider": "p"}}"#),
            format!(r#"{{"data": {page}, "next": "b"}}"#),
            format!(r#"{{"provider": "p", "data": {page}, "result": {{"data": []}}}}"#),
            format!(r#"{{"provider": "p", "result": {page}, "result": {{"data": []}}}}"#),
            format!(r#"{{"data": {page}, "data": {{"data": []}}}}"#),
            // Not pages: an item, a list, another type, and invalid JSON.
            r#"{"provider": "p", "result": {"id": 1}}"#.to_owned(),
            r#"{"provider": "p", "result": {"data": {"id": 1}}}"#.to_owned(),
            r#"{"provider": "p", "result": [{"id": 1}]}"#.to_owned(),
            r#"{"provider": "p", "result": {"data": 1}}"#.to_owned(),
            format!(r#"{{"provider": "p", "result": {page}}} x"#),
            format!(r#"{{"provider": "p", "result": {page}, "#),
            "[]".to_owned(),
            String::new(),
        ] {
            assert_eq!(read(&body, true, Some("data")), None, "{body}");
        }
    }
}

//! Property tests: each style is compared with an expander of RFC 6570 that shares no code with ours.

use std::collections::BTreeMap;

use proptest::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    call::{
        Call,
        body::Body,
        operation::Operation,
        query::{QueryStyle, ValueStyle},
    },
    model::{encodable::Encodable, tuple::Tuple},
};

static POST: Operation = Operation::new(Method::POST, "/{p}").form();

/// An operator of RFC 6570, appendix A.
#[derive(Debug, Clone, Copy)]
struct Operator {
    first: &'static str,
    separator: &'static str,
    is_named: bool,
    if_empty: &'static str,
    escapes: bool,
}

const SIMPLE: Operator = Operator { first: "", separator: ",", is_named: false, if_empty: "", escapes: true };
const PLAIN: Operator = Operator { escapes: false, ..SIMPLE };
const LABEL: Operator = Operator { first: ".", separator: ".", ..SIMPLE };
const MATRIX: Operator = Operator { first: ";", separator: ";", is_named: true, ..SIMPLE };
const QUERY: Operator = Operator { first: "", separator: "&", is_named: true, if_empty: "=", escapes: true };

impl Operator {
    fn escape(self, text: &str) -> String {
        let escaped = text.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => (byte as char).to_string(),
            _ => format!("%{byte:02X}"),
        });
        if self.escapes { escaped.collect() } else { text.to_owned() }
    }

    fn named(self, name: &str, value: &str) -> String {
        if value.is_empty() { format!("{name}{}", self.if_empty) } else { format!("{name}={value}") }
    }

    /// Expands `{p}` or `{p*}` as section 3.2.1 describes; `None` for an undefined value.
    fn expand(self, value: &Value, explode: bool) -> Option<String> {
        let text = |value: &Value| self.escape(value.as_str().unwrap_or_default());
        let whole = |value: &str| if self.is_named { self.named("p", value) } else { value.to_owned() };
        let expanded = match value {
            Value::Null => return None,
            Value::Array(items) => {
                let items: Vec<String> = items.iter().filter(|item| !item.is_null()).map(text).collect();
                match (items.as_slice(), explode) {
                    ([], _) => return None,
                    (items, false) => whole(&items.join(",")),
                    (items, true) => items.iter().map(|it| whole(it)).collect::<Vec<_>>().join(self.separator),
                }
            }
            Value::Object(members) => {
                let members = members.iter().filter(|(_, value)| !value.is_null());
                let members: Vec<(String, String)> = members.map(|(k, v)| (self.escape(k), text(v))).collect();
                match (members.as_slice(), explode) {
                    ([], _) => return None,
                    (members, false) => {
                        whole(&members.iter().map(|(k, v)| format!("{k},{v}")).collect::<Vec<_>>().join(","))
                    }
                    (members, true) => {
                        let pair = |(k, v): &(String, String)| {
                            if self.is_named { self.named(k, v) } else { format!("{k}={v}") }
                        };
                        members.iter().map(pair).collect::<Vec<_>>().join(self.separator)
                    }
                }
            }
            other => whole(&text(other)),
        };
        Some(format!("{}{expanded}", self.first))
    }
}

/// Text, lists and objects, with the characters that separate, and with `null`.
fn values() -> impl Strategy<Value = Value> {
    let text = "[ab.,|;= \"%é&/]{0,3}";
    let member = prop::option::of(text).prop_map(|text| json!(text));
    prop_oneof![
        Just(Value::Null),
        text.prop_map(Value::from),
        prop::collection::vec(member.clone(), 0..4).prop_map(Value::from),
        prop::collection::btree_map("[ab.,|;= é&]{1,3}", member, 0..4)
            .prop_map(|members: BTreeMap<String, Value>| json!(members)),
    ]
}

/// Whether an item or a key contains a mark. Text by itself has no separators.
fn has(value: &Value, mark: char) -> bool {
    let is_in = |value: &Value| value.as_str().is_some_and(|text| text.contains(mark));
    match value {
        Value::Array(items) => items.iter().any(is_in),
        Value::Object(members) => {
            members.iter().any(|(key, value)| !value.is_null() && (key.contains(mark) || is_in(value)))
        }
        _ => false,
    }
}

fn filled(fill: impl FnOnce(&mut Call)) -> Result<Call, String> {
    let mut call = Call::new(&crate::properties::CLIENT, &POST);
    fill(&mut call);
    call.check().map_err(|error| error.to_string())?;
    Ok(call)
}

/// What stands in the query, or why nothing does.
fn query(style: QueryStyle, value: &dyn Encodable) -> Result<Option<String>, String> {
    let call = filled(|call| call.styled_query("p", style, value))?;
    let pairs: Vec<String> = call.query.into_iter().map(|(_, pair)| pair).collect();
    Ok((!pairs.is_empty()).then(|| pairs.join("&")))
}

fn path(style: ValueStyle, value: &Value) -> Result<Option<String>, String> {
    let call = filled(|call| call.styled_path("p", style, value))?;
    // A value that is not defined has no place in a path, which is refused when the path is expanded.
    let text = call.path.into_iter().next().map(|(_, text)| text);
    Ok(if value.is_string() { text } else { text.filter(|text| !text.is_empty()) })
}

proptest! {
    #[test]
    fn queries_are_expanded_as_rfc_6570_says(value in values()) {
        prop_assert_eq!(query(QueryStyle::Repeated, &value), Ok(QUERY.expand(&value, true)));
        let whole = QUERY.expand(&value, false);
        prop_assert_eq!(query(QueryStyle::Comma, &value), Ok(whole.clone()));
        for (style, mark, text) in [(QueryStyle::Space, ' ', "%20"), (QueryStyle::Pipe, '|', "%7C")] {
            let expected = whole.as_ref().map(|whole| whole.replace(',', text));
            match query(style, &value) {
                Ok(sent) => prop_assert!(sent == expected && !has(&value, mark), "{:?}", sent),
                Err(_) => prop_assert!(has(&value, mark)),
            }
        }
    }

    #[test]
    fn forms_are_written_as_queries_are(value in values()) {
        for style in [QueryStyle::Repeated, QueryStyle::Comma, QueryStyle::Deep, QueryStyle::Json] {
            let call = filled(|call| call.styled_form_field("p", style, &value)).unwrap();
            let Body::Fields(fields) = &call.body else { unreachable!() };
            let pairs: Vec<&str> = fields.iter().map(|(_, pair)| pair.as_str()).collect();
            let expected = query(style, &value).unwrap();
            prop_assert_eq!(pairs.join("&"), expected.unwrap_or_default());
        }
    }

    #[test]
    fn paths_are_expanded_as_rfc_6570_says(value in values(), explode in any::<bool>()) {
        let styles = [
            (ValueStyle::Simple { explode }, SIMPLE),
            (ValueStyle::Label { explode }, LABEL),
            (ValueStyle::Matrix { explode }, MATRIX),
        ];
        for (style, operator) in styles {
            if let Ok(sent) = path(style, &value) {
                let expected = operator.expand(&value, explode);
                prop_assert_eq!(sent, expected.filter(|text| value.is_string() || !text.is_empty()));
            } else {
                // A dot is never encoded, and an exploded label has dots between its items.
                let has_dots = matches!(style, ValueStyle::Label { explode: true });
                prop_assert!(has_dots && has(&value, '.'));
            }
        }
    }

    #[test]
    fn headers_are_expanded_without_escapes(value in values(), explode in any::<bool>()) {
        // Names and values are checked as those of all headers are.
        prop_assume!(!value.to_string().contains('é'));
        match filled(|call| call.styled_header("x-p", ValueStyle::Simple { explode }, &value)) {
            Ok(call) => {
                let sent = call.headers.first().map(|(_, value)| value.to_str().unwrap().to_owned());
                prop_assert_eq!(sent, PLAIN.expand(&value, explode));
            }
            Err(_) => prop_assert!(has(&value, ',') || has(&value, '=')),
        }
    }

    #[test]
    fn cookies_are_expanded_as_rfc_6570_says(value in values()) {
        let call = filled(|call| call.styled_cookie("p", ValueStyle::Simple { explode: false }, &value)).unwrap();
        let cookie = call.cookies.first().map(|(_, pair)| pair.clone());
        prop_assert_eq!(cookie, QUERY.expand(&value, false));
    }
}

/// RFC 6570 has no tuples: the members of its lists are not known by their places.
#[test]
fn items_of_a_tuple_keep_their_places() {
    let written = |style, value: &dyn Encodable| query(style, value).unwrap().unwrap_or_default();
    let tuple = (1, None::<i64>, "a".to_owned());
    for (style, expected) in [
        (QueryStyle::Repeated, "p=1&p=&p=a"),
        (QueryStyle::Comma, "p=1,,a"),
        (QueryStyle::Space, "p=1%20%20a"),
        (QueryStyle::Pipe, "p=1%7C%7Ca"),
        (QueryStyle::Deep, "p%5B%5D=1&p%5B%5D=&p%5B%5D=a"),
        (QueryStyle::Json, "p=%5B1%2Cnull%2C%22a%22%5D"),
    ] {
        assert_eq!(written(style, &tuple), expected, "{style:?}");
        assert_eq!(written(style, &(None::<i64>, None::<i64>)).is_empty(), style != QueryStyle::Json, "{style:?}");
    }
    let open = Tuple::<_, Option<i64>> { items: (None::<i64>,), rest: vec![None, Some(2), None] };
    assert_eq!(written(QueryStyle::Comma, &open), "p=,,2,");
    let nested = BTreeMap::from([("t".to_owned(), tuple)]);
    assert_eq!(written(QueryStyle::Repeated, &nested), "t=1&t=&t=a");
    assert_eq!(written(QueryStyle::Comma, &nested), "p=t,%5B1%2Cnull%2C%22a%22%5D");
    assert_eq!(written(QueryStyle::Deep, &nested), "p%5Bt%5D%5B%5D=1&p%5Bt%5D%5B%5D=&p%5Bt%5D%5B%5D=a");
    let objects = vec![(None::<i64>, json!({"k": 1}))];
    assert_eq!(written(QueryStyle::Deep, &objects), "p%5B0%5D%5B1%5D%5Bk%5D=1");
    let value = |style, value: &dyn Encodable| {
        let call = filled(|call| call.styled_path("p", style, value)).unwrap();
        call.path.into_iter().map(|(_, text)| text).collect::<String>()
    };
    let tuple = (None::<i64>, 2);
    assert_eq!(value(ValueStyle::Simple { explode: false }, &tuple), ",2");
    assert_eq!(value(ValueStyle::Label { explode: true }, &tuple), "..2");
    assert_eq!(value(ValueStyle::Matrix { explode: true }, &tuple), ";p;p=2");
    assert_eq!(value(ValueStyle::Simple { explode: true }, &vec![None, Some(2)]), "2");
}

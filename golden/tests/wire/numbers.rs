//! Numbers: no digit is lost, wherever a number stands.

use golden::{decimals, integers};
use lowcodeapi_runtime::Decimal;
use serde::{Serialize, de::DeserializeOwned};

use crate::wire::support::{Answer, Server, sent};

/// Numbers that floats cannot hold, or write in another form.
const EXACT: [&str; 6] =
    ["1.50", "-0", "1E+400", "0.1e-7", "1234567890123456789012345678901234567890", "-0.000000000000000000000000000100"];

fn again<T: DeserializeOwned + Serialize>(text: &str) -> String {
    serde_json::to_string(&serde_json::from_str::<T>(text).unwrap()).unwrap()
}

#[test]
fn decimals_keep_their_text_in_every_place() {
    for number in EXACT {
        let text = format!(
            r#"{{"number":{number},"text":"{number}","limit":{number},"big":{number},"numbers":[{number},1],"texts":["{number}","1"],"#
        ) + &format!(r#""by_name":{{"a":{number}}},"texts_by_name":{{"a":["{number}"]}},"#)
            + &format!(r#""amount":{{"kind":"fixed","value":{number}}},"fee":{number},"other":"{number}"}}"#);
        assert_eq!(again::<decimals::types::Price>(&text), text);
        let share = format!(r#"{{"parts":[{number}]}}"#);
        assert_eq!(again::<decimals::types::Amount>(&share), share);
        let text = format!(r#"{{"number":1,"text":"2","fee":"{number}"}}"#);
        assert_eq!(again::<decimals::types::Price>(&text), text);
        let text = format!(r#"{{"number":1,"text":"2","fee":{share}}}"#);
        assert_eq!(again::<decimals::types::Price>(&text), text);
    }
}

#[test]
fn decimals_are_read_from_both_forms_and_sent_in_the_declared_one() {
    let price = again::<decimals::types::Price>(r#"{"number":"1.50","text":2.50,"texts":[3.0],"by_name":{"a":"4.0"}}"#);
    assert_eq!(price, r#"{"number":1.50,"text":"2.50","texts":["3.0"],"by_name":{"a":4.0}}"#);
}

#[test]
fn the_variant_of_a_number_goes_by_its_form() {
    use decimals::types::PriceFee;
    let fee = |text: &str| serde_json::from_str::<PriceFee>(text).unwrap();
    let number: Decimal = "1.50".parse().unwrap();
    assert_eq!(fee("1.50"), PriceFee::Decimal(number.clone()));
    assert_eq!(fee("\"1.50\""), PriceFee::DecimalText(number));
    assert_eq!(fee("true"), PriceFee::Bool(true));
}

#[test]
fn floats_keep_every_digit() {
    for number in ["0.43902439024390244", "2.2200000000002002e+43", "5e-324"] {
        let text =
            format!(r#"{{"number":1,"text":"2","amount":{{"kind":"relative","share":{number}}},"ratio":{number},"#)
                + &format!(r#""ratios":{{"a":{number}}},"any":{{"a":[{number}]}}}}"#);
        assert_eq!(again::<decimals::types::Price>(&text), text);
    }
}

#[test]
fn integers_of_128_bits_and_beyond_are_kept() {
    let text = r#"{"wei":340282366920938463463374607431768211455,"#.to_owned()
        + r#""signed_wide":-170141183460469231731687303715884105728,"exclusive":18446744073709551615,"#
        + r#""beyond_128_bits":115792089237316195423570985008687907853269984665640564039457584007913129639935,"#
        + r#""wide_list":[18446744073709551616],"both_signs_beyond":-5}"#;
    assert_eq!(again::<integers::types::Counter>(&text), text);
    let quoted = again::<integers::types::Counter>(r#"{"wei":"36893488147419103232"}"#);
    assert_eq!(quoted, r#"{"wei":36893488147419103232}"#);
    assert!(serde_json::from_str::<integers::types::Counter>(r#"{"wei":-1}"#).is_err());
    assert!(serde_json::from_str::<integers::types::Counter>(r#"{"wei":"many"}"#).is_err());
}

#[tokio::test]
async fn decimals_are_their_text_outside_of_bodies() {
    let number = |text: &str| text.parse::<Decimal>().unwrap();
    let server = Server::new([Answer::json(200, "[]")]);
    let client = server.client(decimals::Client::builder());
    let call = client.list_prices(number("1.50")).most(number("2.50")).steps([number("0.10"), number("1e400")]);
    call.filter([number("0.10")]).x_budget(number("10.00")).await.unwrap();
    let request = server.request();
    assert_eq!(request.line, "GET /prices/1.50?most=2.50&steps=0.10&steps=1e400&filter=%5B0.10%5D");
    assert_eq!(request.header("x-budget").as_deref(), Some("10.00"));
    let request = sent!(decimals, |client| client.add_prices(5, number("1.50")).steps([number("0.10")]));
    assert_eq!(request.text(), "net=1.50&steps=0.10");
    let request =
        sent!(decimals, |client| client.set_price(5, number("1.50")).gross(number("1.80")).history([number("1.40")]));
    assert_eq!(request.text(), r#"{"net":"1.50","gross":1.80,"history":["1.40"]}"#);
    let server = Server::new([Answer::json(200, "{}")]);
    server.client(integers::Client::builder()).get_counter().wide(i128::MIN).await.unwrap();
    assert_eq!(server.request().line, "GET /counters?wide=-170141183460469231731687303715884105728");
}

//! Values of several schemas at once: what is decoded comes back as it was.

use std::fmt::Debug;

use golden::{
    all_of_heirs_by_constant, all_of_tuples, any_of_beside, any_of_beside_one_of, any_of_choices, enum_integer_wide,
    heirs_by_mapping, object_values_by_name, one_of_kept, one_of_kinds, version_31_branches, version_31_conditions,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

fn assert_kept<T: Serialize + DeserializeOwned + PartialEq + Debug>(texts: &[&str]) {
    for text in texts {
        let model: T = read(text);
        assert_eq!(serde_json::to_value(&model).unwrap(), read::<Value>(text), "{model:?}");
    }
}

#[test]
fn positions_have_the_types_that_all_schemas_give() {
    use all_of_tuples::types::Rows;
    assert_kept::<Rows>(&[
        r#"{"each_says_one":["a",1],"one_is_longer":[null,2,{"text":"x"},{"more":[1]}]}"#,
        r#"{"items_of_all_positions":[0.5,1,2.5,3.5],"rest_of_the_shorter":["a",0.5,1,2]}"#,
        r#"{"ended_by_unevaluated":["b",true],"rest_by_unevaluated":["a",true,false],"cut_by_maximum":["a"]}"#,
        r#"{"objects":[{"text":"x","color":"red"}],"in_branches":[{"text":"x","note":"n"},2]}"#,
    ]);
    assert!(serde_json::from_str::<Rows>(r#"{"each_says_one":["a",1,2]}"#).is_err());
}

#[test]
fn heirs_are_told_apart_by_constants() {
    use all_of_heirs_by_constant::types::{Event, Gone, Item, Made, Shape};
    let made = Event::from(Made::new("me").at("now"));
    assert_eq!(serde_json::to_value(&made).unwrap(), json!({"type": "made", "who": "me", "at": "now"}));
    assert_eq!(read::<Event>(r#"{"type":"made","who":"me","at":"now"}"#), made);
    assert_eq!(read::<Event>(r#"{"type":"gone","why":"x"}"#), Event::from(Gone::new().why("x")));
    assert!(matches!(read(r#"{"type":"moved","at":"now"}"#), Event::Base(base) if base.type_ == "moved"));
    assert!(matches!(read(r#"{"type":"moved","to":"x"}"#), Event::Unknown(_)));
    assert_kept::<Event>(&[r#"{"type":"gone"}"#, r#"{"type":"moved","to":"x"}"#]);
    assert!(matches!(read(r#"{"corners":3,"height":0.5}"#), Shape::Triangle(_)));
    assert!(matches!(read(r#"{"corners":4,"color":"red"}"#), Shape::Square(_)));
    assert!(matches!(read(r#"{"corners":5,"color":"red"}"#), Shape::Base(base) if base.corners == 5));
    assert_kept::<Shape>(&[r#"{"corners":3,"height":0.5}"#, r#"{"corners":5,"radius":1}"#]);
    assert!(matches!(read(r#"{"kind":"book","pages":3}"#), Item::Book(_)));
    assert!(matches!(read(r#"{"kind":"Disc","minutes":3}"#), Item::Disc(_)));
}

#[test]
fn a_mapping_names_the_variants() {
    use heirs_by_mapping::types::{Animal, Cat, Choice, Person, Toy};
    assert!(matches!(read(r#"{"kind":"dog","tricks":["sit"]}"#), Choice::Dog(_)));
    assert_kept::<Toy>(&[r#"{"form":"bone","length":0.5,"color":"red"}"#, r#"{"form":"ball","radius":0.5}"#]);
    assert!(matches!(read(r#"{"form":"bone","length":0.5}"#), Toy::Bone(_)));
    let cat = Animal::from(Cat::new().lives(9));
    assert_eq!(serde_json::to_value(&cat).unwrap(), json!({"kind": "cat", "lives": 9}));
    assert_eq!(read::<Animal>(r#"{"kind":"cat","lives":9}"#), cat);
    assert!(matches!(read(r#"{"kind":"dog","tricks":["sit"]}"#), Animal::Dog(_)));
    assert!(matches!(read(r#"{"kind":"ghost"}"#), Animal::Base(_)));
    let texts = [
        r#"{"role":"keeper","name":"a","keys":3}"#,
        r#"{"role":"guest","ticket":"x"}"#,
        r#"{"role":"staff","name":"a","meals":3}"#,
        r#"{"role":"staff","name":"a","patients":3}"#,
    ];
    assert_kept::<Person>(&texts);
    assert!(matches!(read(texts[0]), Person::Keeper(keeper) if (keeper.name.as_str(), keeper.keys) == ("a", 3)));
    assert!(matches!(read(texts[3]), Person::StaffVet(_)));
}

#[test]
fn an_any_of_adds_properties() {
    use any_of_beside::types::{Class, Employee, Person};
    assert_kept::<Person>(&[r#"{"name":"a"}"#, r#"{"name":"a","age":1}"#, r#"{"name":"a","age":1,"salary":2}"#]);
    assert_kept::<Employee>(&[r#"{"name":"a","salary":2}"#, r#"{"name":"a","salary":2,"age":1}"#]);
    assert_kept::<Class>(&[r#"{"size":1,"left":"a"}"#, r#"{"left":"a","right":"b"}"#]);
}

#[test]
fn values_of_several_alternatives_are_kept() {
    use any_of_choices::types::{Contact, Tags};
    assert_kept::<Contact>(&[
        r#"{"mail":"a","code":"x"}"#,
        r#"{"phone":"a","code":1}"#,
        r#"{"mail":"a","note":"x"}"#,
        r#"{"phone":"a","code":1,"note":"x"}"#,
        r#"{"note":"x"}"#,
    ]);
    assert!(matches!(read(r#"{"phone":"a","note":"x"}"#), Contact::Both(_)));
    assert_kept::<Tags>(&[
        r#"{"a":1,"b":2}"#,
        r#"{"color":"red","size":"big"}"#,
        r#"{"color":"red"}"#,
        r#"{"closed":"x"}"#,
    ]);
}

#[test]
fn an_any_of_beside_a_one_of_keeps_values_of_several() {
    use any_of_beside_one_of::types::{Buyer, Payment};
    assert!(matches!(read(r#"{"no":1,"last4":"4242","phone":"5"}"#), Buyer::CardPhone(_)));
    assert!(matches!(read(r#"{"no":1,"iban":"X","email":"a","phone":"5"}"#), Buyer::BankBoth(_)));
    assert_kept::<Buyer>(&[
        r#"{"no":1,"last4":"4242","email":"a"}"#,
        r#"{"no":1,"last4":"4242","email":"a","phone":"5"}"#,
        r#"{"no":1,"iban":"X","email":"a","phone":"5"}"#,
    ]);
    assert!(matches!(read(r#"{"method":"bank","iban":"X","email":"a","phone":"5"}"#), Payment::BankBoth(_)));
    assert_kept::<Payment>(&[
        r#"{"method":"card","last4":"4242","email":"a"}"#,
        r#"{"method":"bank","iban":"X","email":"a","phone":"5"}"#,
    ]);
}

#[test]
fn what_conditions_ask_for_is_kept() {
    use version_31_conditions::types::{Extended, Root};
    assert_kept::<Root>(&[r#"{"kind":"card","coupon":"X","couponCode":"Y","cvc":1}"#]);
    assert_kept::<Extended>(&[r#"{"bank":"first","online":true,"country":"de","branch":"b"}"#]);
}

#[test]
fn enums_hold_integers_beyond_64_bits() {
    use enum_integer_wide::types::{Chain, Holder, HolderTitled, Wei};
    let text = r#"{"chain":18446744073709551615,"wei":36893488147419103233,"titled":-9223372036854775809,"narrowed":18446744073709551616,"beyond":340282366920938463463374607431768211456,"limits":{"exponent":12345678901234567890123456789012345678901234567890}}"#;
    let holder: Holder = read(text);
    assert_eq!((holder.chain, holder.wei), (Some(Chain::Last), Some(Wei::N36893488147419103233)));
    assert_eq!(holder.titled, Some(HolderTitled::Least));
    assert_eq!(serde_json::to_string(&holder).unwrap(), text);
    assert_eq!((Chain::Last.as_u64(), Wei::Minus1.as_i128()), (u64::MAX, -1));
    assert!(matches!(Wei::from(7), Wei::Unknown(value) if *value == 7));
    assert_eq!(Wei::from(1 << 64).to_string(), "18446744073709551616");
}

#[test]
fn branches_add_to_properties_of_all_values() {
    use version_31_branches::types::{ChosenValue, Decided, Dependent, Listed, Open, Payment, Root};
    let paid: Payment = read(r#"{"method":"card","details":{"id":"i","card":"42"},"owner":{"name":"a"}}"#);
    assert_eq!(paid.details.as_ref().and_then(|details| details.card.as_deref()), Some("42"));
    assert!(serde_json::from_str::<Payment>(r#"{"details":{"card":"42"}}"#).is_err());
    assert_kept::<Payment>(&[r#"{"method":"bank","details":{"id":"i","iban":"1","branch":"b"}}"#]);
    assert_kept::<Dependent>(&[r#"{"a":"q","o":{"x":"1","y":"2"}}"#]);
    assert_kept::<Decided>(&[r#"{"name":"a","home":{"city":"c","street":"s"}}"#]);
    assert_kept::<Listed>(&[r#"{"kind":"o","items":[{"s":"a","deep":1}],"map":{"k":{"deep":2}}}"#]);
    assert_kept::<Open>(&[r#"{"t":"x","more":1}"#, r#"{"t":"y","more":"text"}"#]);
    let values = [r#"{"iban":"1","more":true}"#, r#"{"name":"a","more":false}"#, r#""text""#];
    assert_kept::<ChosenValue>(&values);
    assert!(matches!(read(values[0]), ChosenValue::Bank(bank) if bank.more == Some(true)));
    assert!(matches!(read(values[1]), ChosenValue::Person(_)));
    let sent = Root::new().sides(version_31_branches::types::Sides::new().one("sent"));
    assert_eq!(serde_json::to_value(sent).unwrap(), json!({"sides": {"one": "sent"}}));
}

#[test]
fn choices_of_types_keep_their_values() {
    use version_31_branches::types::{Choices, ChoicesTuple, Empty, Status};
    assert!(matches!(read(r#"{"q":5}"#), Status::Gone(gone) if gone.q == 5));
    assert_kept::<Status>(&[r#"{"p":1,"status":"active"}"#, r#"{"q":5}"#, r#"{"status":"other","r":1}"#]);
    assert_kept::<Choices>(&[
        r#"{"tuple":["a",1],"maps":{"a":"x"},"formats":"2026-01-31T12:00:00Z","wide":18446744073709551615}"#,
        r#"{"tuple":[true,0.5],"maps":{"b":1},"formats":"6f9619ff","conditions":{"k":1},"restricted":"a"}"#,
        r#"{"conditions":{"w":"x"},"constants":"a","others":"c","referred":"green"}"#,
        r#"{"maps":{"a":"x","b":1},"constants":"z","referred":"2026-01-31T12:00:00Z"}"#,
    ]);
    assert!(matches!(read(r#"["a",1]"#), ChoicesTuple::TextInteger(_)));
    let empty = Empty::new([("id".to_owned(), 1)]);
    assert_eq!(serde_json::to_value(empty).unwrap(), json!({"nothing": null, "map": {"id": 1}}));
}

#[test]
fn names_say_what_values_are() {
    use object_values_by_name::types::Root;
    assert_kept::<Root>(&[
        r#"{"pattern":{"ax":{"x":"1","y":"2"},"bx":{"x":"1"},"ay":{"y":"2"}}}"#,
        r#"{"part":{"a":{"x":"1","y":"2"},"b":3,"c":{"z":"1"},"other":{"y":"2"}},"own":{"a":1,"b":"x"}}"#,
        r#"{"map":{"abc":{"x":"1","y":"2"},"other":{"y":"3"}},"odd":{"abc":1,"x":2}}"#,
        r#"{"some":{"name":"n","x-a":"1","count":3,"none":null}}"#,
    ]);
}

#[test]
fn an_heir_without_a_tag_of_its_own_is_known_by_its_properties() {
    use golden::all_of_heirs_levels::types::{Root, Staff};
    let staff = |text: &str| read::<Root>(&format!(r#"{{"shape":{{"kind":"circle"}},"staff":{text}}}"#)).staff.unwrap();
    assert!(matches!(staff(r#"{"role":"worker","hours":1}"#), Staff::Worker(_)));
    assert!(matches!(staff(r#"{"role":"worker"}"#), Staff::Worker(_)));
    assert!(matches!(staff(r#"{"role":"worker","crew":2}"#), Staff::Foreman(_)));
    assert!(matches!(staff(r#"{"role":"guest","name":"a"}"#), Staff::Base(_)));
    assert_kept::<Staff>(&[r#"{"role":"worker","crew":2}"#, r#"{"role":"owner","crew":2}"#]);
}

#[test]
fn variants_are_called_by_lists_of_values_and_kinds() {
    use one_of_kinds::types::{
        Comparison, Content, Notice, PatchItem, Position, RootLevel, ToolChoice, ToolChoiceText,
    };
    assert!(matches!(read(r#""auto""#), ToolChoice::Text(ToolChoiceText::Auto)));
    assert!(matches!(read(r#"[{"type":"text","text":"a"}]"#), Content::ArrayOfParts(_)));
    assert!(matches!(read("[1]"), Comparison::List(_)));
    assert!(matches!(read(r#"{"key":"a"}"#), Comparison::Object(_)));
    assert!(matches!(read(r#"{"op":"move","path":"/a","from":"/b"}"#), PatchItem::MoveOrCopy(_)));
    assert!(matches!(read(r#"["label","a"]"#), Position::Label(_)));
    assert!(matches!(read(r#"{"code":3,"link":"a"}"#), Notice::Code2Or3(_)));
    assert_eq!(read::<RootLevel>(r#""low""#), RootLevel::Low);
    assert_kept::<PatchItem>(&[
        r#"{"op":"test","path":"/a","value":null}"#,
        r#"{"op":"copy","path":"/a","from":"/b"}"#,
        r#"{"op":"merge","path":"/a","patch":{"b":1}}"#,
    ]);
    assert!(matches!(read(r#"{"op":"merge","path":"/a"}"#), PatchItem::Unknown(_)));
    assert_kept::<Position>(&[r#"["line",4]"#, r#"["label","a"]"#]);
}

#[test]
fn objects_with_an_unknown_tag_keep_their_properties() {
    use golden::one_of_unknown_tags::types::{Event, Shape, Stage};

    assert_kept::<Stage>(&[
        r#"{"stage":"open","size":7}"#,
        r#"{"stage":"new","size":7}"#,
        r#"{"stage":"new","note":"n"}"#,
        r#"{"note":"n"}"#,
    ]);
    assert!(matches!(read(r#"{"stage":"new","size":7}"#), Stage::Unknown(_)));
    assert_kept::<Event>(&[r#"{"kind":"made","at":"now"}"#, r#"{"kind":"gone","at":"now"}"#]);
    assert!(!matches!(read(r#"{"kind":"gone","at":"now"}"#), Event::Unknown(_)));
    assert_kept::<Shape>(&[r#"{"form":"round","name":"n"}"#, r#"{"form":"round","edge":1.5}"#]);
    assert!(!matches!(read(r#"{"form":"round","name":"n"}"#), Shape::Unknown(_)));
    assert!(matches!(read(r#"{"form":"round","edge":1.5}"#), Shape::Unknown(_)));
}

#[test]
fn a_tag_beside_a_choice_leaves_its_variant() {
    use golden::one_of_tag_said::types::Payments;

    assert_kept::<Payments>(&[
        r#"{"beside":{"method":"transfer","iban":"x"}}"#,
        r#"{"part":{"method":"debit","mandate":"x"}}"#,
        r#"{"listed":{"method":"bank","bic":"x"}}"#,
        r#"{"other":{"method":"cash","drawer":1,"note":"n"}}"#,
    ]);
}

#[test]
fn tags_that_exclude_each_other_are_not_of_one_value() {
    use golden::any_of_tags::types::{Choice, Filed, Noted, Order, Payment};

    assert_kept::<Payment>(&[r#"{"method":"card","last4":"1"}"#, r#"{"method":"cash","drawer":1}"#]);
    assert_kept::<Order>(&[r#"{"method":"debit","mandate":"1"}"#, r#"{"method":"cash","drawer":1}"#]);
    assert_kept::<Choice>(&[r#"{"method":"card","last4":"1"}"#, r#"{"method":"voucher","code":"x"}"#]);
    // A value of several variants keeps the properties of all, also where one of them has the tag as its constant.
    let both = r#"{"method":"card","code":"x","last4":"1"}"#;
    assert_kept::<Choice>(&[both]);
    assert!(matches!(read(both), Choice::Both(_)));
    assert!(matches!(read(r#"{"method":"card","last4":"1"}"#), Choice::Card(_)));
    let both = r#"{"method":"card","note":"x","last4":"1"}"#;
    assert_kept::<Noted>(&[both]);
    assert!(matches!(read(both), Noted::Both(_)));
    assert!(matches!(read(r#"{"method":"card","last4":"1"}"#), Noted::Card(_)));
    assert!(matches!(read(r#"{"method":"cash","note":"x"}"#), Noted::Note(_)));
    assert_kept::<Filed>(&[
        r#"{"drawer":1,"method":"cheque","note":"x"}"#,
        r#"{"drawer":1,"method":"cash","note":"x","till":"t"}"#,
        r#"{"method":"other","note":"x"}"#,
    ]);
}

#[test]
fn a_value_is_read_as_what_writes_it_again() {
    use one_of_kept::types::{
        Answered, Coded, Counted, Emptied, Evaluated, Fixed, JsonPatch, Listed, Noted, Nulled, Opened, Reached,
        ReachedBoth, Stated,
    };
    assert_kept::<Counted>(&[r#"{"state":3,"x":1}"#, r#"{"state":3}"#, r#"{"state":"done"}"#, r#"{"state":"new"}"#]);
    assert!(matches!(read(r#"{"state":"new"}"#), Counted::State(_)));
    assert_kept::<Emptied>(&[r#"{"y":null}"#, r#"{"y":"a"}"#, r#"{"y":1}"#]);
    assert_kept::<Answered>(&[r#"{"error":null}"#, r#"{"error":"a"}"#, r#"{"result":1,"error":null}"#]);
    assert_kept::<Listed>(&[r#"["a"]"#, "[1,null]", "[null]"]);
    let both = r#"{"email":"a","kind":1,"phone":"c"}"#;
    assert!(matches!(read(both), Reached::Both(both) if *both == ReachedBoth::new().email("a").kind(1).phone("c")));
    assert_kept::<Reached>(&[both, r#"{"email":"a","kind":1}"#, r#"{"phone":"c"}"#]);
    assert_kept::<Coded>(&[r#"{"id":"a","name":"b","code":5}"#, r#"{"id":"a"}"#, r#"{"code":5,"more":[]}"#]);
    assert_kept::<JsonPatch>(&[r#"{"op":"add","path":"/","value":1}"#]);
    assert_kept::<Stated>(&[
        r#"{"kind":"text","value":"a"}"#,
        r#"{"kind":"number","value":5}"#,
        r#"{"kind":"list","value":["a"]}"#,
    ]);
    assert_kept::<Noted>(&[r#"{"value":5}"#, r#"{"value":{"a":"b"},"note":1}"#, r#"{"value":{"c":[1]}}"#]);
    assert_kept::<Nulled>(&[r#"{"x":null,"k":"a"}"#, r#"{"x":"b","k":"a"}"#, r#"{"k":"a"}"#, r#"{"k":"a","t":"b"}"#]);
    assert_kept::<Opened>(&[r#"{"e":2}"#, r#"{"a":"s","e":2}"#, r#"{"e":"p"}"#, r#"{"e":"new"}"#]);
    assert_kept::<Fixed>(&[r#"{"kind":"basic"}"#, r#"{"kind":"basic","extra":"e"}"#, r#"{"kind":"x","extra":"e"}"#]);
    assert_kept::<Evaluated>(&[r#"{"a":"b","t":1,"n":"m","z":3}"#, r#"{"n":"m","z":3}"#, r#"{"n":"m","t":1}"#]);
}

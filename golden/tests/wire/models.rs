//! Models: what is decoded, and that it is encoded again as it came.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

fn decoded<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

/// What the texts decode to is encoded as a JSON value that equals the one that the text is.
fn assert_kept<T: Serialize + DeserializeOwned + PartialEq + Debug>(texts: &[&str]) {
    for text in texts {
        let model: T = decoded(text);
        assert_eq!(serde_json::to_value(&model).unwrap(), decoded::<Value>(text), "{model:?}");
        // Another way into the model, by which unions and flattened maps read their members.
        assert_eq!(serde_json::from_value::<T>(decoded(text)).unwrap(), model);
    }
}

/// The texts are not of the type.
fn assert_refused<T: DeserializeOwned + Debug>(texts: &[&str]) {
    for text in texts {
        let model = serde_json::from_str::<T>(text);
        assert!(model.is_err(), "{text}: {model:?}");
    }
}

/// The first text is read as the second one, and both as the same model.
fn assert_read_as<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str, same: &str) {
    assert_eq!(decoded::<T>(text), decoded::<T>(same));
    assert_kept::<T>(&[same]);
}

#[test]
fn objects_are_kept() {
    use golden::{
        all_of_conflict, all_of_ref_and_extension, all_of_single_nullable, array_nested, array_of_models, formats,
        inline_nesting, object_basic, ref_chain, ref_component_schema, ref_siblings, unused_components,
        version_31_ref_siblings_defs,
    };
    assert_kept::<object_basic::types::Pet>(&[
        r#"{"name":"","age":0}"#,
        r#"{"name":"a\u0000\ud83e\udd80","age":-9223372036854775808,"weight":1.5,"vaccinated":false,"nicknames":[]}"#,
    ]);
    assert_refused::<object_basic::types::Pet>(&[
        r#"{"name":"a"}"#,
        r#"{"name":1,"age":1}"#,
        r#"{"name":"a","age":1.5}"#,
    ]);
    assert_kept::<all_of_ref_and_extension::types::Car>(&[
        r#"{"plate":"a","seats":2,"fuel":"b","trailer":{"plate":"c"}}"#,
        r#"{"fuel":"b","seats":2,"plate":"a","trailer":{"seats":1,"plate":"c"}}"#,
    ]);
    assert_refused::<all_of_ref_and_extension::types::Car>(&[
        r#"{"plate":"a","fuel":"b"}"#,
        r#"{"seats":2,"fuel":"b"}"#,
    ]);
    assert_kept::<all_of_conflict::types::Reading>(&[r#"{"value":"1.50","unit":"V"}"#]);
    assert_kept::<all_of_single_nullable::types::Book>(&[
        r#"{"author":{"name":"a"},"translator":null}"#,
        r#"{"author":{"name":"a"},"translator":{"name":"b"}}"#,
    ]);
    assert_refused::<all_of_single_nullable::types::Book>(&[r#"{"author":null,"translator":null}"#]);
    assert_kept::<Vec<Vec<array_nested::types::Square>>>(&[
        "[]",
        "[[],[{}]]",
        r#"[[{"piece":"R","moves":[[[1,2],[]],[]]}]]"#,
    ]);
    assert_kept::<array_of_models::types::Song>(&[
        r#"{"title":"a","artists":[]}"#,
        r#"{"title":"a","artists":[{},{"name":"b"}],"covers":[{"title":"c","artists":[]}]}"#,
    ]);
    assert_kept::<formats::types::File>(&[
        r#"{"id":"i","created_at":"2026-01-31T23:59:60.5+14:00"}"#,
        r#"{"id":"i","created_at":"yesterday","expires_on":"2026-02-30","checksum":"AA==","version":-2147483648,
            "size":-9223372036854775808,"blocks":18446744073709551615,"score":0.1,"ratio":1e300,"colour":"red"}"#,
    ]);
    assert_refused::<formats::types::File>(&[
        r#"{"id":"i","created_at":"c","version":2147483648}"#,
        r#"{"id":"i","created_at":"c","blocks":-1}"#,
    ]);
    assert_kept::<inline_nesting::types::NextConcertResponse>(&[
        r#"{"venue":{"address":{"street":"s"}},"acts":[{"band":"b","songs":[{"title":"t","mood":"calm"},{"mood":"odd"}]}]}"#,
    ]);
    assert_kept::<ref_chain::types::Weather>(&[
        r#"{"celsius":-1.5,"previous":{"celsius":0.5,"previous":{"celsius":2.5}}}"#,
    ]);
    assert_kept::<ref_component_schema::types::Pet>(&[r#"{"name":"a","owner":{"email":"e"}}"#]);
    assert_kept::<ref_siblings::types::Book>(&[r#"{"author":{"name":"a"},"editor":{}}"#]);
    assert_kept::<unused_components::types::Cinema>(&["{}", r#"{"name":"a"}"#]);
    assert_kept::<version_31_ref_siblings_defs::types::Letter>(&[
        r#"{"sender":{"street":"s"},"receiver":{"city":"c"}}"#,
    ]);
}

#[test]
fn recursive_models_are_kept() {
    use golden::{recursion_direct, recursion_map, recursion_mutual};
    assert_kept::<recursion_direct::types::Folder>(&[
        r#"{"name":"a","children":[]}"#,
        r#"{"name":"a","parent":{"name":"b","children":[]},"children":[{"name":"c","children":[{"name":"d","children":[]}]}]}"#,
    ]);
    assert_kept::<recursion_map::types::Menu>(&[
        r#"{"entries":{"x":{"label":"l","entries":{"y":{}}}},"outline":{"1":{"1.1":{},"1.2":{}},"2":{}}}"#,
    ]);
    assert_kept::<recursion_mutual::types::Person>(&[
        r#"{"name":"a","household":{"head":{"name":"b","household":{"head":{"name":"c"}}},"guests":[{"name":"d"}]}}"#,
    ]);
}

#[test]
fn maps_and_additional_properties_are_kept() {
    use golden::{object_additional_typed, object_free_form, object_map_of_models};
    use std::collections::BTreeMap;
    let text = r#"{"title":"t","servings":2,"flour":0.5,"a b":-1.25}"#;
    assert_kept::<object_additional_typed::types::Recipe>(&[text, r#"{"title":"t"}"#]);
    let recipe: object_additional_typed::types::Recipe = decoded(text);
    assert_eq!(recipe.additional_properties, BTreeMap::from([("a b".to_owned(), -1.25), ("flour".to_owned(), 0.5)]));
    assert_refused::<object_additional_typed::types::Recipe>(&[r#"{"title":"t","flour":"much"}"#]);
    assert_kept::<object_free_form::types::Settings>(&[
        r#"{"theme":{}}"#,
        r#"{"theme":{"a":[1,null]},"extras":{"b":{}},"notes":{"c":1.5},"labels":{"d":"e"},"closed":{},"anything":[false]}"#,
    ]);
    assert_refused::<object_free_form::types::Settings>(&["{}", r#"{"theme":[1]}"#]);
    assert_kept::<BTreeMap<String, object_map_of_models::types::Rate>>(&[
        r#"{"EUR":{"value":1.5,"history":{"2020":{"value":0.5},"":{"source":"s"}}},"日":{"value":0.5}}"#,
    ]);
}

#[test]
fn enumerations_keep_what_they_do_not_know() {
    use enum_integer::types::{Film, FilmStars, Priority};
    use enum_string::types::{Order, OrderShipping, OrderStatus};
    use golden::{enum_boolean, enum_integer, enum_mixed, enum_number, enum_single, enum_string, enum_string_nullable};

    let order: Order = decoded(r#"{"status":"shipped","shipping":"same-day"}"#);
    assert_eq!((order.status, order.shipping), (OrderStatus::Shipped, Some(OrderShipping::SameDay)));
    let order: Order = decoded(r#"{"status":"Shipped"}"#);
    assert_eq!(order.status, OrderStatus::from("Shipped"));
    assert_kept::<Order>(&[
        r#"{"status":"delivered","shipping":"express"}"#,
        r#"{"status":"lost at sea","shipping":""}"#,
    ]);
    assert_eq!(OrderShipping::from("same-day"), OrderShipping::SameDay);

    let film: Film = decoded(r#"{"stars":-1,"priority":30}"#);
    assert_eq!((film.stars, film.priority), (FilmStars::Minus1, Some(Priority::N30)));
    let film: Film = decoded(r#"{"stars":9,"priority":0}"#);
    assert_eq!((film.stars, film.priority), (FilmStars::from(9), Some(Priority::from(0))));
    assert_kept::<Film>(&[r#"{"stars":-1,"priority":20}"#, r#"{"stars":9223372036854775807,"priority":-5}"#]);
    assert_refused::<Film>(&[r#"{"stars":"1"}"#, r#"{"stars":1.5}"#]);

    assert_kept::<enum_single::types::Payment>(&[
        r#"{"kind":"payment","amount":1,"currency":"EUR","version":1}"#,
        r#"{"kind":"refund","amount":1,"currency":"CHF","version":2}"#,
    ]);
    assert_kept::<enum_mixed::types::Thermostat>(&[
        r#"{"level":"high","mode":"heat"}"#,
        r#"{"level":2.5}"#,
        r#"{"level":null}"#,
    ]);
    assert_kept::<enum_boolean::types::Subscription>(&[r#"{"consent":true,"weekly":false}"#]);
    assert_kept::<enum_number::types::Lens>(&[r#"{"aperture":1.4,"zoom":7.25}"#]);
    assert_kept::<enum_string_nullable::types::Match>(&[
        r#"{"winner":null}"#,
        r#"{"winner":"home","surface":"clay","weather":"rainy"}"#,
        r#"{"winner":"nobody","surface":"ice","weather":"null"}"#,
    ]);
    assert_read_as::<enum_string_nullable::types::Match>(
        r#"{"winner":"away","surface":null,"weather":null}"#,
        r#"{"winner":"away"}"#,
    );
}

#[test]
fn enumerations_are_made_of_texts_and_list_their_values() {
    use golden::{enum_integer::types::Priority, enum_signs::types::ReactionLevel, enum_string::types::OrderStatus};

    let texts: Vec<&str> = OrderStatus::VALUES.iter().map(OrderStatus::as_str).collect();
    assert_eq!(texts, ["placed", "paid", "shipped", "delivered"]);
    for value in OrderStatus::VALUES {
        let Ok(parsed) = value.as_str().parse::<OrderStatus>();
        assert_eq!((&parsed, &OrderStatus::from(value.to_string())), (value, value));
    }
    let OrderStatus::Unknown(unknown) = OrderStatus::from("lost".to_owned()) else { panic!("`lost` is not known") };
    assert_eq!((unknown.as_str(), format!("{unknown:>6} {unknown:?}").as_str()), ("lost", "  lost \"lost\""));
    assert_eq!(OrderStatus::Unknown(unknown.clone()), OrderStatus::from("lost"));
    assert_eq!(format!("{:<9}|", OrderStatus::Placed), "placed   |");
    assert_eq!(ReactionLevel::VALUES, [ReactionLevel::Minus1, ReactionLevel::N0, ReactionLevel::N1]);
    assert!(Priority::VALUES.iter().all(|value| Priority::from(value.as_i64()) == *value));
    let Priority::Unknown(unknown) = Priority::from(7) else { panic!("7 is not known") };
    assert_eq!((*unknown, unknown.into_inner()), (7, 7));
}

#[test]
fn odd_values_of_enumerations_are_known() {
    use golden::enum_odd_values::types::{Reaction, ReactionContent, ReactionLanguage, ReactionQuoted};
    let contents = ["", " ", "+1", "-1", "asc", "ASC", "Asc", "1", "2nd", "*", ">=", "a/b", "a-b", "true", "null"];
    for value in contents {
        let content = ReactionContent::from(value);
        assert!(!matches!(content, ReactionContent::Unknown(_)), "{value:?}");
        assert_eq!((content.as_str(), content.to_string().as_str()), (value, value));
    }
    for value in ["unknown", "Unknown", "other", "self", "Self", "type", "crate", "größe", "日本", "🦀"] {
        let language = ReactionLanguage::from(value);
        assert!(!matches!(language, ReactionLanguage::Unknown(_)), "{value:?}");
        assert_eq!(language.as_str(), value);
    }
    for value in ["say \"hi\" \\ bye", "{x}", "application/json; charset=utf-8", "two\nlines"] {
        let quoted = ReactionQuoted::from(value);
        assert!(!matches!(quoted, ReactionQuoted::Unknown(_)), "{value:?}");
        let reaction = json!({"content": "+1", "language": "Unknown", "quoted": value});
        assert_kept::<Reaction>(&[&reaction.to_string()]);
    }
}

#[test]
fn unions_with_a_discriminator_go_by_it() {
    use golden::{one_of_discriminator, one_of_discriminator_implicit};
    use one_of_discriminator::types::Payment;
    use one_of_discriminator_implicit::types::Pet;
    let payment: Payment = decoded(r#"{"method":"card","number":"1"}"#);
    assert!(matches!(&payment, Payment::Card(card) if card.number == "1"), "{payment:?}");
    let payment: Payment = decoded(r#"{"number":"2","method":"credit_card"}"#);
    assert!(matches!(&payment, Payment::CreditCard(card) if card.number == "2"), "{payment:?}");
    // What looks like the other variant does not count against the discriminator.
    let payment: Payment = decoded(r#"{"method":"bank-transfer","iban":"x","number":"1"}"#);
    assert!(matches!(&payment, Payment::BankTransfer(transfer) if transfer.iban == "x"), "{payment:?}");
    let unknown = r#"{"method":"cash","number":"1","coins":[1,{"a":null}]}"#;
    assert_eq!(decoded::<Payment>(unknown), Payment::Unknown(decoded(unknown)));
    assert_kept::<Payment>(&[unknown, r#"{"method":"credit_card","number":"1"}"#, r#"{"number":"1"}"#, "[]", "null"]);

    assert!(matches!(decoded::<Pet>(r#"{"petType":"Cat","lives":9}"#), Pet::Cat(cat) if cat.lives == Some(9)));
    let dog = decoded::<Pet>(r#"{"trained":true,"petType":"guide_dog"}"#);
    assert!(matches!(&dog, Pet::GuideDog(dog) if dog.trained == Some(true)), "{dog:?}");
    // Nothing but the discriminator tells these apart.
    assert!(matches!(decoded::<Pet>(r#"{"petType":"guide_dog"}"#), Pet::GuideDog(_)));
    assert!(matches!(decoded::<Pet>(r#"{"petType":"Cat"}"#), Pet::Cat(_)));
    assert!(matches!(decoded::<Pet>(r#"{"petType":"GuideDog"}"#), Pet::Unknown(_)));
    assert_kept::<Pet>(&[r#"{"petType":"guide_dog","trained":false}"#, r#"{"petType":"axolotl","gills":6}"#]);
}

#[test]
fn unions_without_a_discriminator_take_what_says_more() {
    use any_of_objects::types::Contact;
    use golden::{any_of_objects, one_of_inline, one_of_plain};
    use one_of_inline::types::NotifyTarget;
    use one_of_plain::types::Hit;
    let hits: Vec<Hit> = decoded(r#"[{"url":"u"},{"author":"a","url":"u"},{"url":"u","more":1},{"author":"a"},7]"#);
    let [Hit::Page(page), Hit::Article(article), Hit::Page(_), Hit::Unknown(_), Hit::Unknown(seven)] = hits.as_slice()
    else {
        unreachable!("{hits:?}")
    };
    assert_eq!((page.url.as_str(), article.author.as_str(), seven), ("u", "a", &json!(7)));
    assert_kept::<Hit>(&[r#"{"url":"u"}"#, r#"{"url":"u","author":"a"}"#, r#"{"author":"a"}"#, r#""text""#]);

    assert!(matches!(decoded::<Contact>(r#"{"name":"n","phone":"p"}"#), Contact::Phone(_)));
    assert!(matches!(decoded::<Contact>(r#"{"name":"n","email":"e"}"#), Contact::Email(_)));
    // A value that several variants allow keeps what all of them know.
    assert_kept::<Contact>(&[r#"{"email":"e","name":"n","phone":"p"}"#]);
    assert_kept::<Contact>(&[r#"{"name":"n","phone":"p"}"#, r#"{"email":"e"}"#, r#"{"name":"n"}"#]);
    // It has the property that one variant asks for, but not of its type.
    assert!(matches!(decoded::<Contact>(r#"{"email":5}"#), Contact::Unknown(_)));

    assert!(matches!(decoded::<NotifyTarget>(r#"{"address":"a"}"#), NotifyTarget::Mailbox(_)));
    assert!(matches!(decoded::<NotifyTarget>(r#"{"channel":"c"}"#), NotifyTarget::Channel(_)));
    assert_kept::<NotifyTarget>(&[r#"{"channel":"c","thread":"t"}"#, "{}", "null"]);
}

#[test]
fn a_value_that_fits_several_schemas_keeps_what_they_declare_differently() {
    use golden::any_of_differing::types::{Label, Sorted, Thing};
    for value in [
        r#"{"id":"i","size":"s","weight":"w","code":"c"}"#,
        r#"{"id":"i","size":"s","weight":"w","code":5}"#,
        r#"{"id":"i","size":"s","note":"n","weight":"w"}"#,
    ] {
        assert!(matches!(decoded::<Thing>(value), Thing::Both(_)), "{value}");
        assert_kept::<Thing>(&[value]);
    }
    assert!(matches!(decoded::<Thing>(r#"{"id":"i","weight":"w","code":5}"#), Thing::Weight(_)));
    assert!(matches!(decoded::<Label>(r#"{"color":"red","level":5}"#), Label::Color(_)));
    assert_kept::<Label>(&[
        r#"{"color":"red","other":"o"}"#,
        r#"{"color":"red","level":5,"other":[1]}"#,
        r#"{"o":"p"}"#,
    ]);
    // Schemas that exclude each other may each hold with a third.
    let [cat, dog] = [r#"{"kind":"cat","lives":9,"owner":"o"}"#, r#"{"kind":"dog","tricks":3,"owner":"o"}"#];
    assert!(matches!(decoded::<Sorted>(cat), Sorted::CatAndOwned(_)));
    assert!(matches!(decoded::<Sorted>(dog), Sorted::DogAndOwned(_)));
    assert!(matches!(decoded::<Sorted>(r#"{"kind":"dog","tricks":3}"#), Sorted::Dog(_)));
    assert!(matches!(decoded::<Sorted>(r#"{"owner":"o"}"#), Sorted::Owned(_)));
    assert_kept::<Sorted>(&[cat, dog]);
}

#[test]
fn variants_of_the_same_properties_are_told_apart_by_what_is_in_them() {
    use golden::one_of_alike::types::Report;
    let kinds = [
        r#"{"page":1,"results":[{"place":"p","celsius":5.5}]}"#,
        r#"{"page":1,"results":[{"place":"p","decibel":40.5}]}"#,
        r#"{"page":1,"results":[{"millimetres":2.5}]}"#,
    ];
    assert_kept::<Report>(&kinds);
    let [heat, noise, rain] = kinds.map(decoded::<Report>);
    assert!(matches!((heat, noise), (Report::Heat(_), Report::Noise(_))));
    assert!(matches!(rain, Report::Rain(_)));
    // Nothing tells these apart.
    assert!(matches!(decoded(r#"{"page":1,"results":[]}"#), Report::Heat(_)));
}

#[test]
fn variants_are_told_apart_by_numbers_and_booleans_that_never_change() {
    use golden::one_of_constants::types::{Document, OutcomeAmount, OutcomeResult, SecondVersion};
    let [first, second] = [r#"{"version":1,"data":"x"}"#, r#"{"version":2,"data":"x"}"#].map(decoded::<Document>);
    assert!(matches!(&first, Document::First(_)), "{first:?}");
    assert!(matches!(&second, Document::Second(_)), "{second:?}");
    assert_eq!(second, SecondVersion::new("x").into());
    assert!(matches!(decoded(r#"{"version":3,"data":"x"}"#), Document::Unknown(_)));
    assert!(matches!(decoded(r#"{"ok":true,"value":"x"}"#), OutcomeResult::Success(_)));
    assert!(matches!(decoded(r#"{"ok":false,"value":"x"}"#), OutcomeResult::Failure(_)));
    assert!(matches!(decoded("1"), OutcomeAmount::Value1(_)));
    assert_eq!(decoded::<OutcomeAmount>("5"), OutcomeAmount::Number(5.0));
}

#[test]
fn a_discriminator_has_the_name_that_the_choice_gives() {
    use golden::one_of_discriminator_alias::types::{CardVersion2, Payment};
    let card = decoded::<Payment>(r#"{"kind":"Card","number":"1"}"#);
    assert_eq!(card, CardVersion2::new().number("1").into());
    assert!(matches!(decoded(r#"{"kind":"CardVersion2","number":"1"}"#), Payment::Unknown(_)));
}

#[test]
fn a_base_with_a_discriminator_is_one_of_its_heirs() {
    use golden::all_of_heirs::types::{Animal, Cat, Dog, Fish, Parrot, Puppy};
    let animal =
        decoded::<Animal>(r#"{"kind":"feline","name":"Mia","lives":9,"friend":{"kind":"dog","tricks":["sit"]}}"#);
    assert_eq!(animal, Cat::new().name("Mia").lives(9).friend(Dog::new().tricks(["sit"])).into());
    assert_eq!(decoded::<Animal>(r#"{"kind":"Puppy","age":8}"#), Puppy::new(8).into());
    assert_eq!(decoded::<Animal>(r#"{"kind":"Fish"}"#), Fish::new().into());
    // A base below stands for its heirs, which are those of the first one too.
    let parrot = decoded::<Animal>(r#"{"kind":"Parrot","wings":2,"word":"hello"}"#);
    assert_eq!(parrot, Parrot::new().wings(2).word("hello").into());
    // What only the base says is all there is of these two, and of the third one there is more.
    assert!(matches!(decoded(r#"{"kind":"Animal","name":"a"}"#), Animal::Base(_)));
    assert!(matches!(decoded(r#"{"kind":"lion","name":"a"}"#), Animal::Base(_)));
    assert!(matches!(decoded(r#"{"kind":"lion","mane":true}"#), Animal::Unknown(_)));
    assert_kept::<Animal>(&[r#"{"kind":"feline","lives":9}"#, r#"{"kind":"lion","mane":true}"#, r#"{"kind":"lion"}"#]);
}

#[test]
fn a_place_of_a_class_in_the_middle_keeps_its_heirs() {
    use golden::all_of_heirs_in_the_middle::types::{Dog, DogOrHeir, Family, HorseOrHeir, Kept, Pet, Puppy};
    assert_kept::<Family>(&[
        r#"{"dog":{"kind":"puppy","weeks":8,"friend":{"kind":"Poodle","curls":3}},"horse":{"kind":"Pony","mane":"x"}}"#,
        r#"{"pet":{"kind":"Dog"},"kept":{"kind":"hound","friend":{"kind":"puppy","weeks":8}},"horse":{"kind":"cat"}}"#,
        r#"{"kept":{"kind":"puppy","weeks":8},"dog":{"kind":"corgi"}}"#,
    ]);
    assert_eq!(decoded::<DogOrHeir>(r#"{"kind":"puppy","weeks":8}"#), Puppy::new(8).into());
    assert_eq!(decoded::<DogOrHeir>(r#"{"kind":"Dog","new":1}"#), Dog::new().into());
    assert!(matches!(decoded(r#"{"kind":"puppy","weeks":8}"#), Pet::Puppy(_)));
    assert!(matches!(decoded(r#"{"kind":"Pony","height":0.5}"#), HorseOrHeir::Pony(_)));
    // The class itself has no value of its own, and what is no dog is kept as it is.
    assert!(matches!(decoded(r#"{"kind":"cat","height":0.5}"#), HorseOrHeir::Horse(_)));
    assert!(matches!(decoded(r#"{"kind":"cat","lives":9}"#), HorseOrHeir::Unknown(_)));
    assert!(matches!(decoded(r#"{"kind":"cat","lives":9}"#), DogOrHeir::Unknown(_)));
    assert!(matches!(decoded(r#"{"kind":"puppy","weeks":8}"#), Kept::Unknown(_)));
}

#[test]
fn a_choice_of_values_with_null_among_them_may_be_null() {
    use golden::enum_described::types::{Ticket, TicketOrigin};
    let origin = |text: &str| decoded::<Ticket>(&format!(r#"{{"severity":2,"origin":{text}}}"#)).origin;
    assert_eq!((origin(r#""mail""#), origin("null")), (Some(TicketOrigin::Mail), None));
}

#[test]
fn plain_values_become_the_variant_that_holds_them() {
    use golden::one_of_primitives::types::{Filter, FilterValue};
    assert_eq!(Filter::new("a").value, FilterValue::Text("a".to_owned()));
    assert_eq!(Filter::new(5).value, FilterValue::Integer(5));
    assert_eq!(Filter::new(vec!["a".to_owned()]).value, FilterValue::TextList(vec!["a".to_owned()]));
}

#[test]
fn unions_of_plain_values_go_by_the_type() {
    use golden::{one_of_primitives, version_31_type_list};
    use one_of_primitives::types::FilterValue;
    use version_31_type_list::types::{Reading, ReadingPrecision, ReadingTags, ReadingValue};
    for (text, value) in [
        (r#""5""#, FilterValue::Text("5".to_owned())),
        ("5", FilterValue::Integer(5)),
        ("[]", FilterValue::TextList(Vec::new())),
        (r#"["a"]"#, FilterValue::TextList(vec!["a".to_owned()])),
        // Not of any of the types, or too large for it.
        ("5.5", FilterValue::Unknown(json!(5.5))),
        ("[1]", FilterValue::Unknown(json!([1]))),
        ("18446744073709551615", FilterValue::Unknown(json!(u64::MAX))),
        ("true", FilterValue::Unknown(json!(true))),
    ] {
        assert_eq!(decoded::<FilterValue>(text), value, "{text}");
        assert_kept::<FilterValue>(&[text]);
    }
    let reading: Reading = decoded(r#"{"value":5,"precision":"low","tags":["a"]}"#);
    assert_eq!(reading.value, ReadingValue::Integer(5));
    assert_eq!(reading.precision, Some(ReadingPrecision::Text("low".to_owned())));
    assert_eq!(reading.tags, Some(ReadingTags::TextList(vec!["a".to_owned()])));
    assert_kept::<Reading>(&[
        r#"{"value":"none","precision":0.5,"tags":"a"}"#,
        r#"{"value":5,"precision":"low","tags":["a"]}"#,
    ]);
    assert_read_as::<Reading>(r#"{"value":1,"precision":null}"#, r#"{"value":1}"#);
}

#[test]
fn null_is_nothing_where_the_model_cannot_tell() {
    use golden::{any_of_nullable, array_nested, array_of_models, recursion_mutual, version_31_nullable_type};
    assert_read_as::<array_of_models::types::Song>(
        r#"{"title":"a","artists":[],"covers":null}"#,
        r#"{"title":"a","artists":[]}"#,
    );
    assert_read_as::<array_nested::types::Square>(r#"{"moves":null,"piece":null}"#, "{}");
    assert_read_as::<recursion_mutual::types::Person>(r#"{"name":"a","household":null}"#, r#"{"name":"a"}"#);
    assert_kept::<any_of_nullable::types::Reservation>(&[
        r#"{"table":null,"menu":null}"#,
        r#"{"table":{"seats":2},"menu":{"courses":3},"guest":{"seats":1}}"#,
    ]);
    assert_kept::<version_31_nullable_type::types::Pet>(&[
        r#"{"name":null,"owner":null}"#,
        r#"{"name":"a","age":1,"toys":["t"],"owner":{"name":"o"},"size":"large"}"#,
        r#"{"name":"a","owner":{},"size":"giant","nothing":null}"#,
    ]);
    assert_read_as::<version_31_nullable_type::types::Pet>(
        r#"{"name":"a","owner":{},"age":null,"toys":null,"size":null}"#,
        r#"{"name":"a","owner":{}}"#,
    );
}

#[test]
fn three_states_are_kept() {
    use golden::three_state_request::types::ProfileUpdate;
    use lowcodeapi_runtime::Nullable;
    assert_kept::<ProfileUpdate>(&[
        r#"{"version":1}"#,
        r#"{"version":1,"nickname":null,"birthday":null,"links":null}"#,
        r#"{"version":1,"nickname":"","links":[],"bio":""}"#,
    ]);
    let update: ProfileUpdate = decoded(r#"{"version":1,"nickname":null,"birthday":"b"}"#);
    assert_eq!(update.nickname, Some(Nullable::Null));
    assert_eq!((update.birthday, update.links), (Some(Nullable::Value("b".to_owned())), None));
}

#[test]
fn constants_and_names_are_kept() {
    use golden::version_31_const_examples::types::{Event, EventObject, EventVersion};
    use golden::{names_clash_case, names_clash_own, names_digits, names_empty_and_symbols, names_keywords};
    let event: Event = decoded(r#"{"object":"event","version":2,"title":"t"}"#);
    assert_eq!((event.object, event.version), (EventObject::Event, Some(EventVersion::N2)));
    assert_kept::<Event>(&[
        r#"{"object":"event","version":2,"title":"t","guests":1,"public":true}"#,
        r#"{"object":"events","version":3,"title":"t","public":false}"#,
    ]);
    assert_kept::<names_clash_case::types::FooBar>(&[
        r#"{"fooBar":"a","foo_bar":"b","FooBar":1}"#,
        r#"{"fooBar":"a"}"#,
    ]);
    assert_kept::<names_clash_own::types::Client>(&[
        r#"{"new":"n","value":{"value":"v"},"map":{"a":"b"},"option":"None","result":{"Ok":"o","Err":"e"},"vec":["v"],
            "string":{"string":"s"},"box":{"box":{"box":{}}},"date_time":{"at":"now"},"call":{"send":"s"},
            "error":{"source":"s"},"response":{"status":1},"anything":[null],"texts":{"a":["2026"]}}"#,
    ]);
    assert_kept::<names_digits::types::N3dModel>(&[
        r#"{"000ms":1,"1":"a","01":"b","kind":"3d"}"#,
        r#"{"000ms":0,"kind":"4"}"#,
    ]);
    assert_kept::<names_empty_and_symbols::types::Symbols>(&[
        r#"{"":"1","$":"2","a b":"3","a.b":"4","a[b]":"5","a[]":"6","@type":"7","-":"8","1st":"9","ünïcode":"10","日本":"11","🦀":"12"}"#,
    ]);
    assert_kept::<names_keywords::types::Self_>(&[
        r#"{"self":"1","Self":"2","type":"dyn","match":{"gen":1,"yield":2},"async":true,"super":"3","try":"4"}"#,
    ]);
}

#[test]
fn what_the_other_side_sends_is_not_required() {
    use golden::read_write_only::types::{Account, AccountInput};

    let account: Account = serde_json::from_str(r#"{"id":"1","email":"e"}"#).unwrap();
    assert_eq!(account, Account::new("1", "e"));
    let text = serde_json::to_string(&AccountInput::new("e", "p")).unwrap();
    assert_eq!(text, r#"{"email":"e","password":"p"}"#);
}

#[test]
fn what_webhooks_bring_is_decoded() {
    use golden::webhooks_callbacks_links::types::{Move, ParcelLostPayload};

    assert_kept::<Move>(&[r#"{"to":"Ulm"}"#]);
    assert_kept::<ParcelLostPayload>(&[r#"{"parcel":"1","last_seen":"Ulm"}"#]);
    let lost: ParcelLostPayload = decoded(r#"{"parcel":"1","last_seen":null}"#);
    assert_eq!((lost.parcel.as_str(), lost.last_seen), ("1", None));
}

#[test]
fn integers_of_every_size_are_kept() {
    use golden::integers::types::Counter;

    assert_kept::<Counter>(&[
        r#"{"small":-2147483648,"lying":4294967295,"plain":9223372036854775807,"unsigned":18446744073709551615}"#,
        r#"{"by_maximum":18446744073709551615,"by_float_maximum":10000000000000000000}"#,
        r#"{"beyond":-1,"both_signs_beyond":-5,"large_values":18446744073709551615}"#,
        r#"{"number_of_integers":9007199254740993,"money":0.5,"odd_format":1790000000}"#,
    ]);
}

#[test]
fn schemas_that_say_little_take_what_comes() {
    use golden::{all_of_plain, schema_corners, version_31_corners};

    assert_kept::<schema_corners::types::Corner>(&[
        r#"{"set":[2,1],"kind":"sharp","maybe_kind":null,"null_kind":null,"open":{"a":[1]},"closed":{}}"#,
        r#"{"set":[],"maybe_kind":"round","null_kind":"b","open_with":{"a":"x","b":{"c":null}},"negated":5}"#,
        r#"{"set":[],"empty":{"a":1},"filled":{"a":"b"},"any_list":[1,"a",null],"only_format":"2026","only_required":7}"#,
    ]);
    assert_kept::<version_31_corners::types::Corner>(&[
        r#"{"either":"a","any_of_three":5,"pair":["a",1],"closed_pair":["b",2],"open_pair":["c",3,4]}"#,
        r#"{"either":5,"titled":{"name":"n"},"maybe":{"name":"n"},"always":[true],"constant":"fixed"}"#,
        r#"{"either":5,"constant_number":7,"typed_constant":true,"patterned":{"x-a":"b"},"unevaluated":{"a":"b"}}"#,
    ]);
    assert_kept::<all_of_plain::types::Tag>(&[r#"{"short":"s","colour":"green","list":[1,2],"impossible":{"a":1}}"#]);
}

#[test]
fn what_only_requires_more_adds_no_type() {
    assert_kept::<golden::one_of_required::types::Friend>(&[r#"{"name":"n","mail":"m","since":2026}"#]);
}

#[test]
fn dynamic_references_are_what_outer_schemas_bind() {
    use golden::version_31_dynamic_references::types::{ColoredTree, Page, Tree, UserPage};
    let tree = r#"{"label":"a","children":[{"label":"b","color":"red","children":[{"label":"c"}]}],"color":"blue"}"#;
    assert_kept::<ColoredTree>(&[tree]);
    assert_kept::<Tree>(&[r#"{"label":"a","children":[{"label":"b","children":[{"label":"c"}]}]}"#]);
    assert_kept::<UserPage>(&[r#"{"items":[{"name":"x"}],"total":1}"#]);
    assert_refused::<UserPage>(&[r#"{"items":[1],"total":1}"#]);
    assert_kept::<Page>(&[r#"{"items":[1,{"a":null}],"total":2}"#]);
}

#[test]
fn corners_of_intersections_keep_their_values() {
    use golden::intersection_corners::types::{Event, Parts, Root, Shape};
    assert_kept::<Event>(&[
        r#"{"kind":"opened","next":{"kind":"closed","reason":"r"}}"#,
        r#"{"kind":"closed","reason":"r"}"#,
        // A value of another kind is not one of an heir.
        r#"{"kind":"other","z":"x"}"#,
    ]);
    assert!(matches!(decoded::<Event>(r#"{"kind":"other","z":"x"}"#), Event::Unknown(_)));
    assert_kept::<Shape>(&[r#"{"form":"round","radius":1.5}"#, r#"{"form":"edgy","edge":2.5}"#]);
    assert!(matches!(decoded::<Shape>(r#"{"form":"edgy","edge":2.5}"#), Shape::Edgy(_)));
    assert_kept::<Parts>(&[r#"{"a":"x","shared":1,"b":"y"}"#, r#"{"a":"x"}"#, r#""text""#]);
    assert_kept::<Root>(&[
        r#"{"wide":18446744073709551615}"#,
        r#"{"patterns":{"p":{"a":"x","b":1}}}"#,
        r#"{"aliased":{"kind":"closed","reason":"r"}}"#,
    ]);
}

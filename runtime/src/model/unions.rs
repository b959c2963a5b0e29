//! Tests of nested unions: which variants are selected, and the work that this takes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::model::{self, Decodable, Decoder, Failure, Field, form::Form, meter::Meter};

/// A union as in generated code: variants with their forms.
macro_rules! union {
    ($name:ident { $($index:literal $variant:ident($held:ty) = $form:expr,)+ }) => {
        #[derive(Debug, PartialEq)]
        enum $name {
            $($variant($held),)+
            Unknown(Value),
        }

        impl Decodable for $name {
            fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
                const FORMS: &[Form] = &[$($form),+];
                from.choose(FORMS, |form, from| Ok(match form {
                    $($index => Self::$variant(Decodable::decode(from)?),)+
                    _ => Self::Unknown(from.value()?),
                }))
            }
        }
    };
}

/// A model as in generated code; all properties are required.
macro_rules! object {
    ($name:ident { $($field:ident: $held:ty),+ }) => {
        #[derive(Debug, PartialEq)]
        struct $name {
            $($field: $held,)+
        }

        impl Decodable for $name {
            fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
                $(let mut $field = None;)+
                from.object(&mut [$(Field::required(stringify!($field), &mut $field)),+])?;
                Ok(Self { $($field: $field.ok_or_else(Failure::incomplete)?,)+ })
            }
        }
    };
}

const BRANCH: Form = Form::object().known(&["op", "args"]).required(&["op", "args"]);

object!(And { op: String, args: Vec<Filter> });
object!(Or { op: String, args: Vec<Filter> });
object!(Not { op: i64, args: Vec<Filter> });
union!(Filter { 0 And(Box<And>) = BRANCH, 1 Or(Box<Or>) = BRANCH, 2 Not(Box<Not>) = BRANCH, });

// Each of its variants fails, but only after its content has been read.
object!(Early { a: Option<Box<Shy>>, never: i64 });
object!(Late { a: BTreeMap<String, Shy>, never: bool });
const SHY: Form = Form::object().known(&["a", "never"]);
union!(Shy { 0 Early(Box<Early>) = SHY, 1 Late(Box<Late>) = SHY, 2 Map(BTreeMap<String, Shy>) = Form::object(), });

// Two unions that each have the other, and themselves, as a variant.
union!(Here { 0 There(Box<There>) = Form::any(), 1 Itself(Box<Here>) = Form::any(), 2 List(Vec<There>) = Form::list(), });
union!(There { 0 Here(Box<Here>) = Form::any(), 1 Text(String) = Form::text(), 2 Map(BTreeMap<String, Here>) = Form::object(), });

fn read<T: Decodable>(value: &Value) -> (Result<T, Failure>, u64) {
    let text = value.to_string();
    let meter = Meter::of_text(text.len(), 0);
    let mut reader = serde_json::Deserializer::from_str(&text);
    let read = model::decode(&mut reader, &meter);
    (read, meter.steps.get())
}

fn nested(depth: usize, innermost: Value, wrap: impl Fn(Value) -> Value) -> Value {
    (0..depth).fold(innermost, |inner, _| wrap(inner))
}

/// Returns the steps at a depth and at twice that depth.
fn growth<T: Decodable>(innermost: &Value, wrap: impl Fn(Value) -> Value) -> (u64, u64) {
    let [(once, less), (twice, more)] = [28, 56].map(|depth| read::<T>(&nested(depth, innermost.clone(), &wrap)));
    assert!(once.is_ok() && twice.is_ok());
    (less, more)
}

#[test]
fn work_on_nested_unions_grows_with_their_depth_alone() {
    let filter = |inner| json!({"op": "or", "args": [inner]});
    for (less, more) in [
        growth::<Filter>(&json!({"op": "and", "args": []}), filter),
        growth::<Filter>(&json!("no filter"), filter),
        growth::<Filter>(&json!(1), |inner| json!({"op": 1, "args": [inner, {"op": "or", "args": []}]})),
        growth::<Shy>(&json!(1), |inner| json!({"a": inner, "never": "is it one"})),
        growth::<Shy>(&json!({}), |inner| json!({"a": {"b": inner}, "never": true})),
        growth::<Here>(&json!("text"), |inner| json!([{"a": inner}])),
    ] {
        assert!(more < 3 * less, "{less} steps, {more} at double the depth");
        assert!(more < 56 * 60, "{more} steps for 56 levels");
    }
}

#[test]
fn the_variant_is_taken_that_keeps_most_at_each_level() {
    let value = json!({"op": 1, "args": [{"op": "or", "args": [{"op": 2, "args": []}, "x"]}]});
    let (filter, _) = read::<Filter>(&value);
    let Ok(Filter::Not(not)) = filter else { panic!("{filter:?}") };
    let [Filter::And(and)] = not.args.as_slice() else { panic!("{not:?}") };
    assert!(matches!(and.args.as_slice(), [Filter::Not(_), Filter::Unknown(Value::String(text))] if text == "x"));
}

object!(Plain { id: i64, inside: Thin });
object!(Rich { id: i64, inside: Full });
#[derive(Debug, PartialEq)]
struct Thin;
object!(Full { name: String });
const ID: Form = Form::object().known(&["id", "inside"]).required(&["id"]);
union!(Either { 0 Plain(Box<Plain>) = ID, 1 Rich(Box<Rich>) = ID, });

impl Decodable for Thin {
    fn decode(from: Decoder<'_>) -> Result<Self, Failure> {
        from.object(&mut []).map(|()| Self)
    }
}

#[test]
fn of_forms_that_know_as_much_the_one_that_keeps_most_is_read() {
    let read = |value| read::<Either>(&value).0.unwrap();
    assert!(matches!(read(json!({"id": 1, "inside": {"name": "a"}})), Either::Rich(_)));
    // The first variant wins if several keep the same, and none if none can be read.
    assert!(matches!(read(json!({"id": 1, "inside": {}})), Either::Plain(_)));
    assert!(matches!(read(json!({"id": "1", "inside": {}})), Either::Unknown(_)));
}

#[test]
fn a_map_takes_what_a_struct_knows_nothing_of() {
    const THIN: Form = Form::object().known(&["a"]);
    union!(Open { 0 Thin(Thin) = THIN, 1 Map(BTreeMap<String, i64>) = Form::object(), });
    let read = |value| read::<Open>(&value).0.unwrap();
    assert!(matches!(read(json!({"b": 1})), Open::Map(map) if map["b"] == 1));
    assert!(matches!(read(json!({"a": 1, "b": 1})), Open::Thin(_)));
    assert!(matches!(read(json!({})), Open::Thin(_)));
    assert!(matches!(read(json!({"b": "text"})), Open::Thin(_)));
}

#[test]
fn a_variant_knows_the_tag_that_it_does_not_store() {
    const TAGGED: Form = Form::object().known(&["a"]).constants(&[("kind", &["thin"])]);
    union!(Told { 0 Thin(Thin) = TAGGED, 1 Map(BTreeMap<String, String>) = Form::object(), });
    let read = |value| read::<Told>(&value).0.unwrap();
    assert!(matches!(read(json!({"kind": "thin", "b": "c"})), Told::Thin(_)));
    assert!(matches!(read(json!({"kind": "thick", "b": "c"})), Told::Map(_)));
}

/// An enum as in generated code.
macro_rules! listed {
    ($name:ident $($text:literal)+) => {
        #[derive(Debug, PartialEq)]
        enum $name {
            Known,
            Unknown(String),
        }

        impl $name {
            fn as_str(&self) -> &str {
                match self {
                    Self::Known => "known",
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                if [$($text),+].contains(&text) { Self::Known } else { Self::Unknown(text.to_owned()) }
            }
        }

        crate::__text_model!($name);
    };
}

listed!(Warm "red" "orange");
listed!(Cold "blue" "cyan");
object!(Fire { colour: Warm });
object!(Ice { colour: Cold });

#[test]
fn of_variants_that_keep_as_much_the_one_that_knows_the_values_is_read() {
    const COLOURED: Form = Form::object().known(&["colour"]).required(&["colour"]);
    const WITHIN: Form = Form::object().known(&["of"]).required(&["of"]);
    union!(Thing { 0 Fire(Fire) = COLOURED, 1 Ice(Ice) = COLOURED, });
    union!(Things { 0 Fires(Vec<Fire>) = Form::list(), 1 Ices(Vec<Ice>) = Form::list(), });
    object!(OfFire { of: Fire });
    object!(OfIce { of: Ice });
    union!(Of { 0 Fire(OfFire) = WITHIN, 1 Ice(OfIce) = WITHIN, });
    let (red, cyan, green) = (json!({"colour": "red"}), json!({"colour": "cyan"}), json!({"colour": "green"}));
    let first = |value: &Value| matches!(read::<Thing>(value).0, Ok(Thing::Fire(_)));
    assert_eq!([&red, &cyan, &green].map(first), [true, false, true]);
    let first = |value: &Value| matches!(read::<Things>(&json!([value])).0, Ok(Things::Fires(_)));
    assert_eq!([&red, &cyan, &green].map(first), [true, false, true]);
    let first = |value: &Value| matches!(read::<Of>(&json!({"of": value})).0, Ok(Of::Fire(_)));
    assert_eq!([&red, &cyan, &green].map(first), [true, false, true]);
    let Ok(Thing::Fire(fire)) = read(&green).0 else { panic!("the first is read") };
    assert_eq!(fire.colour, Warm::Unknown("green".to_owned()));
}

#[test]
fn a_union_in_a_union_that_has_itself_ends() {
    assert!(matches!(read::<Here>(&json!("a")).0, Ok(Here::There(_))));
    assert!(matches!(read::<Here>(&json!([{"a": ["b"]}])).0, Ok(Here::List(_))));
    assert_eq!(read::<Here>(&json!(1)).0.unwrap(), Here::There(Box::new(There::Unknown(json!(1)))));
}

#[test]
fn unions_of_the_same_forms_are_not_taken_for_each_other() {
    const FORM: Form = Form::any();
    const LIST: Form = Form::list();
    union!(Numbers { 0 Flat(Vec<i64>) = FORM, 1 Deep(Vec<Vec<i64>>) = LIST, });
    union!(Texts { 0 One(String) = FORM, 1 Many(Vec<String>) = LIST, });
    union!(Both { 0 Numbers(Box<Numbers>) = FORM, 1 Texts(Box<Texts>) = FORM, });
    union!(Outer { 0 Both(Box<Both>) = FORM, 1 List(Vec<Both>) = LIST, });
    let read = |value| read::<Outer>(&value).0.unwrap();
    let texts = |texts: &[&str]| Texts::Many(texts.iter().map(ToString::to_string).collect());
    let Outer::List(list) = read(json!([["a"], [1], "b"])) else { panic!() };
    assert_eq!(list[0], Both::Texts(Box::new(texts(&["a"]))));
    assert_eq!(list[1], Both::Numbers(Box::new(Numbers::Flat(vec![1]))));
    // Neither reads this, so it is the first.
    assert_eq!(read(json!([[true]])), Outer::List(vec![Both::Numbers(Box::new(Numbers::Unknown(json!([true]))))]));
}

#[test]
fn the_deepest_response_that_is_read_takes_no_more_stack_than_a_thread_has() {
    // JSON has at most 127 levels; executors' threads have 2 MiB of stack.
    let value = nested(126, json!({}), |inner| json!({"a": inner, "never": "is it one"}));
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    assert!(thread.spawn(move || read::<Shy>(&value).0.is_ok()).unwrap().join().unwrap());
}

#[test]
fn what_takes_too_much_work_is_an_error() {
    // Each variant reads all levels below it, and contains no union whose selection could be cached.
    object!(Chain { c: Option<Box<Chain>>, u: Option<Box<Many>> });
    object!(Start { c: Many, u: Option<i64> });
    object!(Other { c: Chain, u: Option<i64> });
    const LINK: Form = Form::object().known(&["c", "u"]);
    union!(Many { 0 Start(Box<Start>) = LINK, 1 Other(Box<Other>) = LINK, });
    let chain = nested(120, json!({"c": null, "u": null}), |inner| json!({"c": inner, "u": null}));
    let many = Value::Array(vec![chain; 20]);
    let (read, steps) = read::<Vec<Many>>(&many);
    assert!(read.is_ok(), "{read:?}");
    assert!(steps < 20 * (1 << 16) + 256 * 20 * 241, "{steps}");

    let meter = Meter::ambient();
    let refused = meter.with_tree(1, || (0..).find_map(|_| meter.step(1).err()));
    assert!(refused.unwrap().message().contains("unions"));
    assert!(meter.is_spent());
}

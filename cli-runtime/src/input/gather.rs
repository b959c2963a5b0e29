//! Puts the inputs of a call together: `--body`, over it options, and over these options of properties.

use std::ffi::OsString;

use clap::ArgMatches;
use lowcodeapi_runtime::{
    Upload,
    catalogue::{Catalogue, Inputs, Operation},
};
use serde_json::{Map, Value};

use super::{
    body, missing,
    object::{self, Said, Shape},
    source::Sources,
    upload, value,
};
use crate::{
    command::positional_id,
    failure::Failure,
    settings::Settings,
    table::{Command, Kind, Opt},
};

/// Reads the inputs of a call. `watch` is given each file, before it is an input.
pub(crate) async fn gather(
    program: &str,
    command: &'static Command,
    matches: &ArgMatches,
    catalogue: &'static Catalogue,
    settings: &Settings,
    watch: &(dyn Fn(Upload) -> Upload + Sync),
) -> Result<Inputs, Failure> {
    let Some(operation) = catalogue.operation(command.operation) else {
        return Err(Failure::usage(format!("there is no operation `{}`", command.operation)));
    };
    let token_is_read = settings.token_file.as_deref().is_some_and(|path| path.as_os_str() == "-");
    let mut sources = Sources::new(token_is_read.then_some("token-file"));
    let mut values = Map::new();
    let mut files: Vec<(&str, Upload)> = Vec::new();
    if let Some(text) = &settings.body {
        values = body::read(operation, &sources.text("body", text).await?)?;
    }
    for (option, texts) in given(command, matches)? {
        if option.kind == Kind::File {
            // The option overrides what the body says of the file.
            values.remove(option.input);
            for text in texts {
                files.push((option.input, upload::open(option, &text, &mut sources).await?));
            }
        } else {
            let text: Vec<&str> = texts.iter().filter_map(|text| text.to_str()).collect();
            set(&mut values, &mut sources, (catalogue, operation), option, &text).await?;
        }
    }
    missing::check(program, command, operation, &values, &files)?;
    let mut inputs = Inputs::from(Value::Object(values));
    for (name, upload) in files {
        inputs.file(name, watch(upload));
    }
    Ok(inputs)
}

/// Returns the options that are given, those of whole inputs first, and their values.
fn given(command: &'static Command, matches: &ArgMatches) -> Result<Vec<(&'static Opt, Vec<OsString>)>, Failure> {
    let all = |id: &str| matches.try_get_many::<OsString>(id).ok().flatten().into_iter().flatten().cloned();
    let named = command.options.iter().map(|option| (option, all(option.name).collect::<Vec<_>>()));
    let mut given: Vec<(&Opt, Vec<OsString>)> = named.collect();
    // A value without a name is for the first input of the path that has none by name.
    let positional = command.options.iter().filter(|option| option.is_positional);
    for value in positional.flat_map(|option| all(&positional_id(option))) {
        match given.iter_mut().find(|(option, values)| option.is_positional && values.is_empty()) {
            Some((_, values)) => values.push(value),
            None => return Err(Failure::usage(format!("unexpected argument `{}`", value.display()))),
        }
    }
    given.retain(|(_, values)| !values.is_empty());
    given.sort_by_key(|(option, _)| option.path.len());
    Ok(given)
}

/// Sets the value of an option.
async fn set(
    values: &mut Map<String, Value>,
    sources: &mut Sources,
    (catalogue, operation): (&Catalogue, &Operation),
    option: &'static Opt,
    texts: &[&str],
) -> Result<(), Failure> {
    let mut given = Vec::new();
    for text in texts {
        given.push(sources.text(option.name, text).await?);
    }
    let place = place(values, option)?;
    if option.kind == Kind::Object {
        let shape = Shape::of(catalogue, operation, option);
        let said: Vec<Said> =
            given.iter().map(|given| object::read(option, given, &shape)).collect::<Result<_, _>>()?;
        let is_whole = said.iter().any(|said| matches!(said, Said::Whole(_)));
        match (place, object::join(said, &shape)) {
            // Single properties are set in what is there.
            (Value::Object(had), Value::Object(properties)) if !is_whole => had.extend(properties),
            (place, joined) => *place = joined,
        }
        return Ok(());
    }
    if option.is_many {
        if let [one] = given.as_slice()
            && one.text.trim_start().starts_with('[')
            && let Ok(items @ Value::Array(_)) = serde_json::from_str(&one.text)
        {
            *place = items;
            return Ok(());
        }
        *place = given.iter().map(|given| value::read(option, given)).collect::<Result<Vec<_>, _>>()?.into();
    } else if let Some(given) = given.last() {
        *place = value::read(option, given)?;
    }
    Ok(())
}

/// Returns the place of an option's value. Objects on the way to it are created.
fn place<'v>(values: &'v mut Map<String, Value>, option: &Opt) -> Result<&'v mut Value, Failure> {
    let mut place = values.entry(option.input).or_insert(Value::Null);
    for name in option.path {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(object) = place else {
            let message = format!("`--{}` sets a property of `{}`, which is not an object", option.name, option.input);
            return Err(Failure::usage(message));
        };
        place = object.entry(*name).or_insert(Value::Null);
    }
    Ok(place)
}

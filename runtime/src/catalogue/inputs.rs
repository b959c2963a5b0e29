//! The inputs of a call as JSON values and files.

use std::{collections::BTreeMap, fmt};

use serde_core::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    call::upload::Upload,
    error::Error,
    model::{purpose::comparing, to_exact_value},
};

/// The inputs of a call, by the names of [`Input`](super::Input).
///
/// A file is set with [`file`](Self::file). In the JSON values, a file is an object with its name and its text,
/// `{"name": "notes.txt", "text": "…"}`, or with its bytes as `base64`. The call never opens a file that a value names.
#[derive(Clone, Default)]
pub struct Inputs {
    values: Map<String, Value>,
    files: BTreeMap<String, Vec<Upload>>,
    /// The first reason why these are no inputs.
    defect: Option<String>,
}

impl Inputs {
    /// Creates inputs without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of an input.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.values.insert(name.into(), value.into());
    }

    /// Adds a file to an input.
    pub fn file(&mut self, name: impl Into<String>, upload: Upload) {
        self.files.entry(name.into()).or_default().push(upload);
    }

    /// Returns the values.
    pub fn values(&self) -> &Map<String, Value> {
        &self.values
    }

    /// Takes a value that the call needs.
    #[doc(hidden)]
    pub fn required<T: DeserializeOwned + Serialize>(&mut self, name: &str) -> Result<T, Error> {
        self.optional(name)?.ok_or_else(|| missing(name))
    }

    /// Takes a value.
    #[doc(hidden)]
    pub fn optional<T: DeserializeOwned + Serialize>(&mut self, name: &str) -> Result<Option<T>, Error> {
        self.check()?;
        let Some(value) = self.values.remove(name) else { return Ok(None) };
        let read = T::deserialize(&value).map_err(|error| Error::invalid(format!("`{name}`: {error}")))?;
        // Models ignore properties that they do not have, as responses may have more. In an input they are mistakes.
        let kept = comparing(|| to_exact_value(&read)).map_err(|error| Error::invalid(format!("`{name}`: {error}")))?;
        match lost(&value, &kept, name) {
            Some(path) => Err(Error::invalid(format!("`{path}` is not a property that the operation takes"))),
            None => Ok(Some(read)),
        }
    }

    /// Takes the file that the call needs.
    #[doc(hidden)]
    pub fn required_file(&mut self, name: &str) -> Result<Upload, Error> {
        self.optional_file(name)?.ok_or_else(|| missing(name))
    }

    /// Takes a file.
    #[doc(hidden)]
    pub fn optional_file(&mut self, name: &str) -> Result<Option<Upload>, Error> {
        let mut files = self.optional_files(name)?.unwrap_or_default();
        if files.len() > 1 {
            return Err(Error::invalid(format!("`{name}` takes one file, not {}", files.len())));
        }
        Ok(files.pop())
    }

    /// Takes the files that the call needs.
    #[doc(hidden)]
    pub fn required_files(&mut self, name: &str) -> Result<Vec<Upload>, Error> {
        self.optional_files(name)?.ok_or_else(|| missing(name))
    }

    /// Takes files.
    #[doc(hidden)]
    pub fn optional_files(&mut self, name: &str) -> Result<Option<Vec<Upload>>, Error> {
        self.check()?;
        let mut files = self.files.remove(name);
        if let Some(value) = self.values.remove(name) {
            let values = if let Value::Array(values) = value { values } else { vec![value] };
            for value in &values {
                let file = read_file(value).map_err(|reason| Error::invalid(format!("`{name}`: {reason}")))?;
                files.get_or_insert_default().push(file);
            }
        }
        Ok(files)
    }

    /// Takes the files that the call needs, each under its file name.
    #[doc(hidden)]
    pub fn required_named_files(&mut self, name: &str) -> Result<BTreeMap<String, Upload>, Error> {
        self.optional_named_files(name)?.ok_or_else(|| missing(name))
    }

    /// Takes files, each under its file name.
    #[doc(hidden)]
    pub fn optional_named_files(&mut self, name: &str) -> Result<Option<BTreeMap<String, Upload>>, Error> {
        let Some(files) = self.optional_files(name)? else { return Ok(None) };
        let mut named = BTreeMap::new();
        for file in files {
            if let Some(before) = named.insert(file.file_name().to_owned(), file) {
                let file = before.file_name();
                return Err(Error::invalid(format!("`{name}` has two files that are called `{file}`")));
            }
        }
        Ok(Some(named))
    }

    /// Fails if these are no inputs.
    fn check(&self) -> Result<(), Error> {
        self.defect.as_ref().map_or(Ok(()), |defect| Err(Error::invalid(defect.clone())))
    }

    /// Fails if there are inputs that the call did not take.
    #[doc(hidden)]
    pub fn finish(self) -> Result<(), Error> {
        self.check()?;
        match self.values.keys().chain(self.files.keys()).next() {
            Some(name) => Err(Error::invalid(format!("`{name}` is not an input of the operation"))),
            None => Ok(()),
        }
    }
}

impl From<Value> for Inputs {
    /// Takes the properties of an object. Any other value but `null` is refused when the call is prepared.
    fn from(value: Value) -> Self {
        match value {
            Value::Object(values) => Self { values, ..Self::default() },
            Value::Null => Self::default(),
            _ => Self { defect: Some("the inputs are not a JSON object".to_owned()), ..Self::default() },
        }
    }
}

impl fmt::Debug for Inputs {
    /// Shows the names, because any value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.values.keys().chain(self.files.keys())).finish()
    }
}

fn missing(name: &str) -> Error {
    Error::invalid(format!("the input `{name}` is missing"))
}

/// Returns the path of a value that did not survive.
fn lost(given: &Value, kept: &Value, path: &str) -> Option<String> {
    match (given, kept) {
        (Value::Object(given), Value::Object(kept)) => {
            given.iter().filter(|(_, value)| !value.is_null()).find_map(|(name, value)| {
                let path = format!("{path}.{name}");
                match kept.get(name) {
                    Some(kept) => lost(value, kept, &path),
                    None => Some(path),
                }
            })
        }
        (Value::Array(given), Value::Array(kept)) => {
            let pairs = given.iter().zip(kept).enumerate();
            pairs.into_iter().find_map(|(index, (given, kept))| lost(given, kept, &format!("{path}[{index}]")))
        }
        _ => None,
    }
}

/// Reads a file from a value.
fn read_file(value: &Value) -> Result<Upload, String> {
    const FORM: &str = "a file is an object with its `name` and its `text` or `base64`";
    let Value::Object(file) = value else { return Err(FORM.to_owned()) };
    let text = |key: &str| file.get(key).and_then(Value::as_str);
    let name = text("name").unwrap_or("file");
    let upload = match (text("text"), text("base64")) {
        (Some(text), None) => Upload::from_bytes(name, text.to_owned()),
        (None, Some(encoded)) => {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD.decode(encoded);
            Upload::from_bytes(name, bytes.map_err(|error| format!("`base64` is not Base64: {error}"))?)
        }
        _ => return Err(FORM.to_owned()),
    };
    Ok(match text("content_type") {
        Some(media_type) => upload.with_content_type(media_type),
        None => upload,
    })
}

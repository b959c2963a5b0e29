//! The error of reading a model.

use std::fmt;

/// The reason why a value could not be read, and its path.
#[derive(Debug)]
pub struct Failure {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The steps from the value to the root.
    path: Vec<Step>,
    message: String,
}

#[derive(Debug)]
enum Step {
    Property(String),
    Item(usize),
}

impl Failure {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { inner: Box::new(Inner { path: Vec::new(), message: message.to_string() }) }
    }

    /// The error of a missing required value. The reader of objects normally reports the name before this.
    pub fn incomplete() -> Self {
        Self::new("the value is incomplete")
    }

    pub(crate) fn read_twice() -> Self {
        Self::new("the value has been read already")
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::new(format_args!("missing field `{name}`"))
    }

    /// The error of a union whose only variant is itself.
    pub(crate) fn endless() -> Self {
        Self::new("the union has itself as a variant")
    }

    pub(crate) fn at_property(mut self, name: &str) -> Self {
        self.inner.path.push(Step::Property(name.to_owned()));
        self
    }

    pub(crate) fn at_item(mut self, index: usize) -> Self {
        self.inner.path.push(Step::Item(index));
        self
    }

    /// Returns the path of the failure, such as `data[0].name`; the root is `.`.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.inner.path.iter().rev() {
            match step {
                Step::Item(index) => path.extend(["[", &index.to_string(), "]"]),
                Step::Property(name) if path.is_empty() => path.push_str(name),
                Step::Property(name) => path.extend([".", name]),
            }
        }
        if path.is_empty() { ".".to_owned() } else { path }
    }

    pub(crate) fn message(&self) -> &str {
        &self.inner.message
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.inner.path.is_empty() {
            f.write_str(&self.inner.message)
        } else {
            write!(f, "{}: {}", self.path(), self.inner.message)
        }
    }
}

impl std::error::Error for Failure {}

/// Stores the failure, and returns an error that stops the deserialiser.
pub(crate) fn stop<E: serde_core::de::Error>(failure: Failure, kept: &mut Option<Failure>) -> E {
    *kept = Some(failure);
    E::custom("")
}

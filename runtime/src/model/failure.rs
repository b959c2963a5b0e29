//! Why a model could not be read.

use std::fmt;

/// Why a value could not be read, and where.
#[derive(Debug)]
pub struct Failure {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// From the value that could not be read to the root.
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

    /// A value was left out that had to be there; the reader of objects says which before it comes to this.
    pub fn incomplete() -> Self {
        Self::new("the value is incomplete")
    }

    pub(crate) fn read_twice() -> Self {
        Self::new("the value has been read already")
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::new(format_args!("missing field `{name}`"))
    }

    /// A union has no variant but itself.
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

    /// Where reading failed: `data[0].name`; the root is `.`.
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

/// Keeps the failure, and gives an error to stop with.
pub(crate) fn stop<E: serde::de::Error>(failure: Failure, kept: &mut Option<Failure>) -> E {
    *kept = Some(failure);
    E::custom("")
}

//! How generated code makes the data of a catalogue.

use serde_json::Value;

use crate::{
    catalogue::{Catalogue, Credential, Declared, Files, Input, Messages, Operation, Outcome, Pages, Place},
    client::pace::RateLimit,
    reply::pagination::{PageCursor as _, Pagination},
};

/// Implements constant setters of fields.
macro_rules! setters {
    ($owner:ty { $($field:ident: $ty:ty,)* }) => {
        impl $owner {
            $(
                #[doc(hidden)]
                pub const fn $field(mut self, $field: $ty) -> Self {
                    self.$field = $field;
                    self
                }
            )*
        }
    };
}

/// Implements constant setters of fields that are `None` or `false` unless they are set.
macro_rules! options {
    ($owner:ty { $($field:ident: $ty:ty,)* }) => {
        impl $owner {
            $(
                #[doc(hidden)]
                pub const fn $field(mut self, $field: $ty) -> Self {
                    self.$field = Some($field);
                    self
                }
            )*
        }
    };
}

setters! { Catalogue {
    description: &'static str,
    credentials: &'static [Credential],
    rate_limits: &'static [RateLimit],
    schemas: &'static [(&'static str, &'static str)],
}}

setters! { Operation {
    summary: &'static str,
    description: &'static str,
    inputs: &'static [Input],
    results: &'static [Outcome],
    errors: &'static [Declared],
    security: &'static [&'static [&'static str]],
    scopes: &'static [&'static str],
}}

options! { Operation {
    old_path: &'static str,
    link: &'static str,
    messages: Messages,
    pages: Pages,
    rate_limit: &'static str,
}}

setters! { Input {
    description: &'static str,
}}

impl Catalogue {
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        title: &'static str,
        base_url: &'static str,
        variables: &'static str,
        operations: &'static [&'static Operation],
    ) -> Self {
        Self {
            name,
            title,
            description: "",
            base_url,
            variables,
            is_gateway: false,
            credentials: &[],
            rate_limits: &[],
            operations,
            schemas: &[],
        }
    }

    #[doc(hidden)]
    pub const fn gateway(mut self) -> Self {
        self.is_gateway = true;
        self
    }
}

impl Credential {
    #[doc(hidden)]
    pub const fn new(name: &'static str, variable: &'static str, place: &'static str) -> Self {
        Self { name, variable, place }
    }
}

impl Operation {
    #[doc(hidden)]
    pub const fn new(name: &'static str, method: &'static str, path: &'static str) -> Self {
        Self {
            name,
            group: "",
            command: name,
            method,
            path,
            old_path: None,
            summary: "",
            description: "",
            link: None,
            is_deprecated: false,
            inputs: &[],
            results: &[],
            messages: None,
            pages: None,
            errors: &[],
            rate_limit: None,
            security: &[],
            scopes: &[],
        }
    }

    #[doc(hidden)]
    pub const fn command(mut self, group: &'static str, command: &'static str) -> Self {
        self.group = group;
        self.command = command;
        self
    }

    #[doc(hidden)]
    pub const fn deprecated(mut self) -> Self {
        self.is_deprecated = true;
        self
    }
}

impl Input {
    #[doc(hidden)]
    pub const fn new(name: &'static str, wire: &'static str, place: Place, schema: &'static str) -> Self {
        Self {
            name,
            wire,
            place,
            schema,
            description: "",
            is_required: false,
            file: None,
            is_secret: false,
            is_deprecated: false,
        }
    }

    #[doc(hidden)]
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    #[doc(hidden)]
    pub const fn file(mut self) -> Self {
        self.file = Some(Files::One);
        self
    }

    #[doc(hidden)]
    pub const fn files(mut self) -> Self {
        self.file = Some(Files::Many);
        self
    }

    #[doc(hidden)]
    pub const fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    #[doc(hidden)]
    pub const fn deprecated(mut self) -> Self {
        self.is_deprecated = true;
        self
    }
}

impl Messages {
    #[doc(hidden)]
    pub const fn events(media_type: &'static str, schema: &'static str) -> Self {
        Self { media_type, is_events: true, is_sequence: false, is_text: false, schema }
    }

    #[doc(hidden)]
    pub const fn lines(media_type: &'static str, schema: &'static str) -> Self {
        Self { media_type, is_events: false, is_sequence: false, is_text: false, schema }
    }

    #[doc(hidden)]
    pub const fn sequence(media_type: &'static str, schema: &'static str) -> Self {
        Self { is_sequence: true, ..Self::lines(media_type, schema) }
    }

    #[doc(hidden)]
    pub const fn text(mut self) -> Self {
        self.is_text = true;
        self
    }
}

impl Pages {
    #[doc(hidden)]
    pub const fn new(items: &'static [&'static str], rule: &'static Pagination<Value, Value>) -> Self {
        Self { page: None, size: None, items, rule }
    }

    #[doc(hidden)]
    pub const fn page(mut self, page: &'static str) -> Self {
        self.page = Some(page);
        self
    }

    #[doc(hidden)]
    pub const fn size(mut self, size: &'static str) -> Self {
        self.size = Some(size);
        self
    }
}

impl Declared {
    #[doc(hidden)]
    pub const fn new(status: &'static str, description: &'static str) -> Self {
        Self { status, description, schema: "" }
    }

    #[doc(hidden)]
    pub const fn schema(mut self, schema: &'static str) -> Self {
        self.schema = schema;
        self
    }
}

/// Returns the items of a page.
pub fn items<'p>(page: &'p mut Value, path: &[&str]) -> Option<&'p mut Vec<Value>> {
    path.iter().try_fold(page, |value, name| value.get_mut(name))?.as_array_mut()
}

/// Returns the value at a path in a page.
fn at<'p>(page: &'p Value, path: &[&str]) -> Option<&'p Value> {
    path.iter().try_fold(page, |value, name| value.get(name)).filter(|value| !value.is_null())
}

/// Returns the items of a page, to look at them.
pub fn list<'p>(page: &'p Value, path: &[&str]) -> Option<&'p Vec<Value>> {
    at(page, path)?.as_array()
}

/// Returns the flag at a path in a page.
pub fn flag(page: &Value, path: &[&str]) -> Option<bool> {
    at(page, path)?.as_bool()
}

/// Returns the cursor at a path in a page.
pub fn cursor(page: &Value, path: &[&str]) -> Option<String> {
    at(page, path)?.cursor()
}

/// Returns the count at a path in a page.
pub fn count(page: &Value, path: &[&str]) -> Option<u64> {
    let value = at(page, path)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

//! The commands of an API as data, which the generator writes from the document.

/// The commands of an API.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Commands {
    /// The name of the program.
    pub name: &'static str,
    /// What the program is for, on one line.
    pub about: &'static str,
    /// What the program is for, as plain text. Empty if the document says no more.
    pub long_about: &'static str,
    /// The groups, by name.
    pub groups: &'static [Group],
    /// The commands, in the order of the document.
    pub commands: &'static [Command],
}

/// A group of commands: `jasper knowledge`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// What it is about, on one line.
    pub about: &'static str,
}

/// The command of an operation: `jasper knowledge list`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Command {
    /// The name of the operation in the catalogue.
    pub operation: &'static str,
    /// The name of the group. Empty if the command has none.
    pub group: &'static str,
    /// The name of the command in its group.
    pub name: &'static str,
    /// What it does, on one line.
    pub about: &'static str,
    /// What it does, as plain text. Empty if the document says no more.
    pub long_about: &'static str,
    /// The options.
    pub options: &'static [Opt],
    /// An example of the inputs, as JSON. Empty if there are none.
    pub sample: &'static str,
}

/// An option of a command: an input, or a property of one.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Opt {
    /// The long name without dashes, unique in the command: `page`, `inputs.command`.
    pub name: &'static str,
    /// The input that it sets.
    pub input: &'static str,
    /// The names of the properties that lead to its value inside the input.
    pub path: &'static [&'static str],
    /// The kind of its value.
    pub kind: Kind,
    /// Whether it may be given several times: for the items of a list, or the properties of an object.
    pub is_many: bool,
    /// Whether the call needs it. Inside an object, whether the object needs it.
    pub is_required: bool,
    /// Whether it is also taken as an argument without a name: an input of the path.
    pub is_positional: bool,
    /// Whether it is a secret, so that it is neither shown nor taken from the command line's history by the examples.
    pub is_secret: bool,
    /// The known values. Others are accepted.
    pub values: &'static [Known],
    /// The server's default, as JSON. Empty if it is not documented.
    pub default: &'static str,
    /// What it is, on one line of plain text.
    pub help: &'static str,
    /// What it is, as plain text, with limits. Empty if there is no more to say.
    pub long_help: &'static str,
}

/// The kind of an option's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Text.
    Text,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// A number that keeps all its digits.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A time: RFC 3339.
    Time,
    /// An object: `key=value`, or JSON.
    Object,
    /// Any other value, as JSON or YAML.
    Json,
    /// The path of a file.
    File,
}

/// A known value of an option.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Known {
    /// The value.
    pub value: &'static str,
    /// What it means, on one line. Empty if the document does not say.
    pub help: &'static str,
}

/// Implements constant setters of fields, for generated code.
macro_rules! setters {
    ($owner:ty { $($field:ident: $ty:ty,)* }) => {
        impl $owner {
            $(
                #[doc(hidden)]
                #[must_use]
                pub const fn $field(mut self, $field: $ty) -> Self {
                    self.$field = $field;
                    self
                }
            )*
        }
    };
}

setters! { Commands {
    long_about: &'static str,
    groups: &'static [Group],
    commands: &'static [Command],
}}

setters! { Command {
    long_about: &'static str,
    options: &'static [Opt],
    sample: &'static str,
}}

setters! { Opt {
    path: &'static [&'static str],
    values: &'static [Known],
    default: &'static str,
    long_help: &'static str,
}}

impl Commands {
    #[doc(hidden)]
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, about, long_about: "", groups: &[], commands: &[] }
    }
}

impl Group {
    #[doc(hidden)]
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, about }
    }
}

impl Command {
    #[doc(hidden)]
    pub const fn new(operation: &'static str, group: &'static str, name: &'static str, about: &'static str) -> Self {
        Self { operation, group, name, about, long_about: "", options: &[], sample: "" }
    }
}

impl Opt {
    #[doc(hidden)]
    pub const fn new(name: &'static str, input: &'static str, kind: Kind, help: &'static str) -> Self {
        Self {
            name,
            input,
            path: &[],
            kind,
            is_many: false,
            is_required: false,
            is_positional: false,
            is_secret: false,
            values: &[],
            default: "",
            help,
            long_help: "",
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn many(mut self) -> Self {
        self.is_many = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn positional(mut self) -> Self {
        self.is_positional = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }
}

impl Known {
    #[doc(hidden)]
    pub const fn new(value: &'static str, help: &'static str) -> Self {
        Self { value, help }
    }
}

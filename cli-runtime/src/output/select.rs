//! `--select`: a JSONPath that selects what is written of a result.

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::failure::Failure;

/// A JSONPath. The `$` that it begins with may be left out.
#[derive(Debug)]
pub(crate) struct Select(JsonPath);

impl Select {
    /// Reads an expression.
    pub(crate) fn parse(expression: &str) -> Result<Self, Failure> {
        let trimmed = expression.trim();
        let prefix = match trimmed.chars().next() {
            Some('$') => "",
            Some('.' | '[') => "$",
            _ => "$.",
        };
        JsonPath::parse(&format!("{prefix}{trimmed}")).map(Self).map_err(|error| {
            Failure::usage(format!("--select: `{expression}` is not a JSONPath: {error}"))
                .help("for example `.data[*].id`, `.data[0]`, or `.data[?@.name == 'a'].id`")
        })
    }

    /// Returns the values that match, in the order of the document.
    pub(crate) fn all(&self, value: &Value) -> Vec<Value> {
        self.0.query(value).all().into_iter().cloned().collect()
    }

    /// Returns the value that matches. Several values are a list, and so are none.
    pub(crate) fn one(&self, value: &Value) -> Value {
        let mut all = self.all(value);
        if all.len() == 1 { all.swap_remove(0) } else { all.into() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::failure::Class;

    #[test]
    fn one_match_is_itself_and_others_are_a_list() {
        let value = json!({"data": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], "total": 2});
        for (expression, expected) in [
            ("$.data[*].id", json!([1, 2])),
            (".data[*].id", json!([1, 2])),
            ("data[0].name", json!("a")),
            ("['total']", json!(2)),
            (".data[?@.name == 'b'].id", json!(2)),
            (".nothing", json!([])),
            ("$", value.clone()),
            (" .total ", json!(2)),
        ] {
            assert_eq!(Select::parse(expression).unwrap().one(&value), expected, "{expression}");
        }
    }

    #[test]
    fn what_is_no_jsonpath_is_a_usage_error() {
        for expression in ["", ".data[", "$$", ".a b"] {
            let failure = Select::parse(expression).unwrap_err();
            assert_eq!(failure.class, Class::Usage, "{expression}");
            assert!(failure.help.is_some());
        }
    }
}

//! The list of tools, within its budget.

use lowcodeapi_runtime::catalogue::Catalogue;
use rmcp::model::Tool;
use serde_json::json;

use super::{
    options::McpOptions,
    selection::{Offered, Selection},
    tokens,
    tool::{self, Detail},
};

/// How the operations are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A tool for each operation.
    Full,
    /// A tool for each operation, without titles and schemas of results.
    Lean,
    /// Tools that search, describe and call operations.
    Search,
}

impl Mode {
    /// Returns the name of the mode.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Lean => "lean",
            Self::Search => "search",
        }
    }
}

/// Returns the list of tools that says most within the budget. The list of the search is the last resort, and is taken
/// whatever it costs.
pub(crate) fn choose(catalogue: &Catalogue, selection: &Selection, options: &McpOptions) -> (Mode, Vec<Tool>) {
    for (mode, detail) in [(Mode::Full, Detail::Full), (Mode::Lean, Detail::Lean)] {
        if let Some(tools) = within_budget(catalogue, selection, options, detail) {
            return (mode, tools);
        }
    }
    (Mode::Search, search(selection))
}

/// Returns the tools of all operations in a detail.
pub(crate) fn each(catalogue: &Catalogue, offered: &[Offered], detail: Detail, has_files: bool) -> Vec<Tool> {
    let tools = offered.iter().map(|it| tool::of_operation(catalogue, it, detail, has_files));
    tools.chain([tool::continuing()]).collect()
}

/// Returns the tools that search, describe and call operations.
pub(crate) fn search(selection: &Selection) -> Vec<Tool> {
    tool::searching(&selection.offered).into_iter().chain([tool::continuing()]).collect()
}

/// Returns the estimated tokens of a list of tools.
pub(crate) fn cost(tools: &[Tool]) -> usize {
    tokens::of_json(&json!({"tools": tools}))
}

/// Gives up as soon as the budget is exceeded: a large API has thousands of tools, whose schemas take time.
fn within_budget(
    catalogue: &Catalogue,
    selection: &Selection,
    options: &McpOptions,
    detail: Detail,
) -> Option<Vec<Tool>> {
    let mut tools = vec![tool::continuing()];
    let mut spent = cost(&tools);
    for offered in &selection.offered {
        let tool = tool::of_operation(catalogue, offered, detail, options.files.is_some());
        spent += tokens::of_json(&json!(tool));
        // Each tool was rounded up, so the whole may still be within the budget.
        if spent > options.max_tool_tokens.saturating_add(selection.offered.len()) {
            return None;
        }
        tools.push(tool);
    }
    tools.rotate_left(1);
    (cost(&tools) <= options.max_tool_tokens).then_some(tools)
}

#[cfg(test)]
mod tests {
    use lowcodeapi_runtime::catalogue::Operation;

    use super::*;
    use crate::fixture::CATALOGUE;

    fn options(max_tool_tokens: usize) -> McpOptions {
        McpOptions { allow_writes: true, allow_deletes: true, max_tool_tokens, ..McpOptions::default() }
    }

    #[test]
    fn less_is_said_the_smaller_the_budget() {
        let selection = Selection::new(&CATALOGUE, &options(0));
        let full = each(&CATALOGUE, &selection.offered, Detail::Full, false);
        let lean = each(&CATALOGUE, &selection.offered, Detail::Lean, false);
        assert!(cost(&lean) < cost(&full));
        for (budget, mode, tools) in [
            (usize::MAX, Mode::Full, &full),
            (cost(&full), Mode::Full, &full),
            (cost(&full) - 1, Mode::Lean, &lean),
            (cost(&lean), Mode::Lean, &lean),
            (cost(&lean) - 1, Mode::Search, &search(&selection)),
        ] {
            let chosen = choose(&CATALOGUE, &selection, &options(budget));
            assert_eq!((chosen.0, &chosen.1), (mode, tools));
        }
    }

    #[test]
    fn results_are_objects_and_hints_follow_the_method() {
        let selection = Selection::new(&CATALOGUE, &options(0));
        let tools = serde_json::to_value(each(&CATALOGUE, &selection.offered, Detail::Full, true)).unwrap();
        let tool = |name: &str| tools.as_array().unwrap().iter().find(|it| it["name"] == name).unwrap();
        let note = tool("get_note");
        assert_eq!(note["outputSchema"]["type"], "object");
        assert_eq!(
            note["outputSchema"]["properties"]["result"]["properties"]["title"]["type"],
            json!(["string", "null"])
        );
        assert_eq!(note["inputSchema"]["properties"]["note_id"]["description"], "The ID of the note.");
        assert_eq!(note["annotations"]["readOnlyHint"], true);
        assert_eq!(tool("create_note")["annotations"]["destructiveHint"], false);
        assert_eq!(tool("create_note")["annotations"]["idempotentHint"], false);
        assert_eq!(tool("create_note")["description"], "Creates a note. Its title must be unique.");
        assert_eq!(tool("delete_note")["annotations"]["destructiveHint"], true);
        assert_eq!(tool("upload_file")["inputSchema"]["properties"]["file"]["type"], "string");
        assert!(tool("get_file").get("outputSchema").is_none());
        assert!(tool("ask").get("outputSchema").is_some());
    }

    #[test]
    fn a_thousand_operations_are_offered_by_a_search() {
        let operations: Vec<&'static Operation> = (0..1_000)
            .map(|number| {
                let name: &'static str = format!("get_thing_{number}").leak();
                let operation =
                    Operation::new(name, "GET", "/things").summary("Returns a thing, of which there are many.");
                &*Box::leak(Box::new(operation))
            })
            .collect();
        let catalogue = Catalogue::new("many", "Many", "https://many.example", "MANY", operations.leak());
        let options = McpOptions::default();
        let selection = Selection::new(&catalogue, &options);
        let (mode, tools) = choose(&catalogue, &selection, &options);
        assert_eq!((mode, tools.len()), (Mode::Search, 4));
        assert!(cost(&tools) < 500, "{}", cost(&tools));
    }
}

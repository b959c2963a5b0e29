//! Reads `operationId`s. Frameworks make them of the function that serves the operation, and of what they need to keep them apart:
//! the class, the path, the HTTP method, a number. What they have added is no part of a name.

use foldhash::HashSet;

use super::{case, path::is_version, summary};
use crate::{ir::Operation, read::method::METHODS};

/// What the `operationId` of an operation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OperationId {
    /// All of it.
    pub(super) whole: String,
    /// What is left without the additions of a framework.
    pub(super) brief: String,
    /// The class of the function.
    pub(super) class: Option<String>,
    /// Whether a framework has made it.
    pub(super) is_made: bool,
}

/// The most segments of a path, or of what all ids begin with, that are looked at.
const MAX_SEGMENTS: usize = 32;

/// The suffixes of class names that are left out in any document.
const CONTROLLERS: [&str; 2] = ["Controller", "Ctrl"];

/// The suffixes of class names that are left out if every id of the document has such a class.
const SERVICES: [&str; 7] = ["Resource", "Service", "Handler", "Endpoints", "Endpoint", "Api", "API"];

/// Reads the ids of all operations.
pub(super) fn read_ids(operations: &[Operation]) -> Vec<Option<OperationId>> {
    let ids: Vec<Option<&str>> = operations.iter().map(|it| it.id.as_deref()).collect();
    let habits = Habits::of(operations, &ids);
    operations.iter().zip(&ids).map(|(operation, id)| habits.read(operation, (*id)?)).collect()
}

/// What the ids of a document have in common.
struct Habits<'t> {
    /// How much all of them begin with: `cloudsupport.`
    shared: usize,
    /// Whether most of them end with path and method.
    have_paths: bool,
    /// Whether each of them has a class.
    have_classes: bool,
    /// Whether each of them ends with the method.
    have_methods: bool,
    /// Ids that occur with numbers too, as `create`, `create_1`.
    numbered: HashSet<&'t str>,
}

impl<'t> Habits<'t> {
    fn of(operations: &[Operation], ids: &[Option<&'t str>]) -> Self {
        let known: Vec<(&Operation, &'t str)> =
            operations.iter().zip(ids).filter_map(|(operation, id)| Some((operation, (*id)?))).collect();
        let shared = shared_length(&known);
        let all = |is: &dyn Fn(&Operation, &str) -> bool| {
            known.len() > 1 && known.iter().all(|(operation, id)| is(operation, &id[shared..]))
        };
        let with_paths = known.iter().filter(|(operation, id)| without_path(operation, id).is_some()).count();
        let texts: HashSet<&'t str> = known.iter().map(|(_, id)| *id).collect();
        let numbered =
            known.iter().filter_map(|(_, id)| id.strip_suffix("_1")).filter(|id| texts.contains(id)).collect();
        Self {
            shared,
            have_paths: with_paths * 2 >= known.len(),
            have_classes: all(&|_, id| service_of(id).is_some()),
            have_methods: all(&|operation, id| without_method(operation, id).is_some()),
            numbered,
        }
    }

    fn read(&self, operation: &Operation, id: &str) -> Option<OperationId> {
        let whole = Some(case::snake(id)).filter(|name| !name.is_empty())?;
        let base = self.base_of(id);
        let is_numbered = self.numbered.contains(base);
        let (class, function) = self.function(operation, &base[self.shared.min(base.len())..]);
        let brief = Some(case::snake(&function)).filter(|name| !name.is_empty()).unwrap_or_else(|| whole.clone());
        let class = class.map(case::snake).filter(|class| !class.is_empty());
        let is_made = is_numbered || brief != whole;
        Some(OperationId { whole, brief, class, is_made })
    }

    /// The id without its number, if it has one because another function has the same name.
    fn base_of<'i>(&self, id: &'i str) -> &'i str {
        let base = id.rsplit_once('_').filter(|(_, number)| is_number(number)).map(|(base, _)| base);
        base.filter(|base| self.numbered.contains(base)).unwrap_or(id)
    }

    /// The class of the function, and its name.
    fn function<'i>(&self, operation: &Operation, id: &'i str) -> (Option<&'i str>, String) {
        if let Some((class, function)) = class_of(id) {
            return (Some(class), without_method(operation, function).unwrap_or(function).to_owned());
        }
        if let Some((class, function)) = service_of(id).filter(|_| self.have_classes) {
            // `KeysApi_Current` is not `current`.
            let is_alone = !case::snake(function).contains('_');
            return (Some(class), if is_alone { format!("{class} {function}") } else { function.to_owned() });
        }
        let function = without_path(operation, id).filter(|_| self.have_paths || has_braces(operation));
        let function = function.or_else(|| around_path(operation, id)).or_else(|| without_using(operation, id));
        let function = function.or_else(|| {
            let rest = without_method(operation, id).filter(|_| self.have_methods)?;
            // `orderItemsGet` would lose its verb.
            Some(rest).filter(|rest| case::snake(rest).split('_').any(summary::is_verb))
        });
        (None, function.unwrap_or(id).to_owned())
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// How much all ids begin with: names of modules before the last two, and versions.
fn shared_length(known: &[(&Operation, &str)]) -> usize {
    let [(_, first), _, ..] = known else { return 0 };
    let mut shared = 0;
    for _ in 0..MAX_SEGMENTS {
        let Some(end) = first[shared..].find(['.', '_']).map(|end| shared + end + 1) else { break };
        let is_module = first[..end].ends_with('.');
        let is_said = is_module || is_version(&first[shared..end - 1]);
        let begins = &first[..end];
        let goes_on = |id: &str| {
            let rest = id.strip_prefix(begins);
            rest.is_some_and(|rest| rest.starts_with(char::is_alphabetic) && (!is_module || rest.contains('.')))
        };
        if !is_said || !known.iter().all(|(_, id)| goes_on(id)) {
            break;
        }
        shared = end;
    }
    shared
}

/// The text as `FastAPI` writes it in ids.
fn mangled(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect()
}

/// `read_flows_flows_filter_post` of `POST /flows/filter` is `read_flows`. The server may add the beginning of the path.
fn without_path<'i>(operation: &Operation, id: &'i str) -> Option<&'i str> {
    let (before, method) = id.rsplit_once('_')?;
    // An id of several methods has one of them.
    if !METHODS.contains(&method) || before.is_empty() {
        return None;
    }
    let path = operation.path.as_str();
    let starts = path.match_indices('/').map(|(at, _)| at).take(MAX_SEGMENTS);
    let is_fixed = |tail: &str| tail.split('/').any(|segment| !segment.is_empty() && !segment.starts_with('{'));
    let mut rests = starts
        .filter(|at| *at == 0 || is_fixed(&path[*at..]))
        .filter_map(|at| before.strip_suffix(&mangled(&path[at..])));
    rests.next().filter(|rest| rest.contains(char::is_alphabetic))
}

/// Whether the path has a parameter, whose braces the id has as underscores.
fn has_braces(operation: &Operation) -> bool {
    let id = operation.id.as_deref().unwrap_or_default();
    operation.path.contains('{') && id.contains("__") && id.contains(&mangled(&operation.path))
}

/// `get-/files/v3/files_list` of `GET /files/v3/files` is `list`.
fn around_path<'i>(operation: &Operation, id: &'i str) -> Option<&'i str> {
    let path = operation.path.as_str();
    if path.len() < 2 {
        return None;
    }
    let (before, after) = id.split_once(path)?;
    let trimmed = |text: &'i str| text.trim_matches(|c: char| !c.is_alphanumeric());
    let begins = |text: &&str| text.starts_with(char::is_alphabetic);
    let before = Some(trimmed(before)).filter(|before| !before.eq_ignore_ascii_case(&operation.method));
    Some(trimmed(after)).filter(begins).or_else(|| before.filter(begins))
}

/// `getUserUsingGET` is `getUser`, and so is `getUserUsingGET_1`.
fn without_using<'i>(operation: &Operation, id: &'i str) -> Option<&'i str> {
    let id = id.rsplit_once('_').filter(|(_, number)| is_number(number)).map_or(id, |(id, _)| id);
    id.strip_suffix(operation.method.as_str())?.strip_suffix("Using").filter(|rest| !rest.is_empty())
}

/// `getPropertiesGet`, `getProperties_get`: the id without the method at its end, which is a word of its own.
fn without_method<'i>(operation: &Operation, id: &'i str) -> Option<&'i str> {
    let at = id.len().checked_sub(operation.method.len()).filter(|at| id.is_char_boundary(*at))?;
    let (rest, method) = id.split_at(at);
    let is_word = method.starts_with(char::is_uppercase) || rest.ends_with(['_', '-', '.']);
    let rest = rest.trim_end_matches(['_', '-', '.']);
    (is_word && method.eq_ignore_ascii_case(&operation.method) && !rest.is_empty()).then_some(rest)
}

/// `CatsController_findAll` and `Web.CatsController.findAll` are `findAll` of the class `Cats`.
fn class_of(id: &str) -> Option<(&str, &str)> {
    let of = |ending: &str| {
        let found = id.match_indices(ending).map(|(at, _)| (at, at + ending.len()));
        let is_whole = |(_, end): &(usize, usize)| id[*end..].starts_with(|c: char| !c.is_alphanumeric());
        let (at, end) = found.filter(is_whole).last()?;
        split_class(&id[..at], &id[end..])
    };
    CONTROLLERS.into_iter().find_map(of)
}

/// `WorkflowService_ListWorkflows` is `ListWorkflows` of the class `Workflow`.
fn service_of(id: &str) -> Option<(&str, &str)> {
    let (class, function) = id.split_at(id.find(|c: char| !c.is_alphanumeric())?);
    let class = SERVICES.into_iter().find_map(|ending| class.strip_suffix(ending));
    split_class(class.filter(|class| class.starts_with(char::is_uppercase))?, function)
}

fn split_class<'i>(class: &'i str, function: &'i str) -> Option<(&'i str, &'i str)> {
    let class = class.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    // A version of the class is a date.
    let function = function.trim_start_matches(|c: char| !c.is_alphabetic());
    (!class.is_empty() && !function.is_empty()).then_some((class, function))
}

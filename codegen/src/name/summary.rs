//! From a summary, which is written for people, to the words that a name is made of: `Retrieves a list of the customer's
//! orders (deprecated)` is `list customer orders`.

/// A summary that has more words than this when it is shortened is prose, and no name.
const MAX_WORDS: usize = 8;

/// What summaries begin with; in the third person it is brought back to this form.
const VERBS: &str = "accept access activate add adjust allow answer append apply approve archive assign attach \
    authenticate block calculate cancel capture change check clear clone close complete compose configure confirm connect \
    convert copy count create deactivate decline delete demote deny deregister describe detach determine disable \
    disconnect dismiss download edit enable end exchange execute expire export fetch find follow forward fulfill generate get \
    give grant hide import indicate initiate insert install invite invoke issue join kick leave like link list lock look \
    make mark match merge modify move mute obtain open parse pause perform pin ping place post prepare preview process \
    promote provide publish push query reactivate read receive record redeem refresh refund register reject release remove rename \
    renew reopen reorder replace reply report request rerun reset resend resolve restore restrict resume retrieve retry return \
    revoke rotate run save schedule search send set share show shut sign sort split star start stop submit subscribe suspend \
    switch sync test toggle transfer trigger unarchive unblock undo unfollow unlike unlink unlock unmute unpin unpublish \
    unstar unsubscribe update upload upsert use validate verify view watch write";

/// Words that a name says without.
const ARTICLES: &str = "a an the The";

/// Words that make nothing of a kind any more particular.
const FILLERS: &str = "single given specific specified existing";

/// Where a remark begins that a long summary does without.
const CLAUSES: &str = "that which who whose using via where when so including requires based";

/// The words of a summary that make a name; `None` where it is prose, or not in words.
pub(super) fn shorten(summary: &str) -> Option<String> {
    shorten_all(&without_remarks(summary))
}

/// The same, with what the summary remarks in parentheses.
pub(super) fn shorten_all(summary: &str) -> Option<String> {
    let text = without_tags(summary);
    let mut words: Vec<&str> = first_sentence(&text).split_whitespace().collect();
    if words.first().is_none_or(|word| word.contains('/')) {
        return None;
    }
    let first = words.remove(0);
    let verb = base_form(first);
    let mut kept: Vec<String> = words
        .iter()
        .enumerate()
        .filter(|(at, word)| *at + 1 == words.len() || !(has(ARTICLES, word) || has(FILLERS, word)))
        .map(|(_, word)| without_possessive(word).to_owned())
        .collect();
    let is_reading = verb.as_deref().is_some_and(|verb| has("fetch get list retrieve return", verb));
    let mut verb = verb.unwrap_or_else(|| if has(ARTICLES, first) || first == "A" { "" } else { first }.to_owned());
    if is_reading && kept.len() > 2 && kept[0] == "list" && kept[1] == "of" {
        kept.drain(..2);
        "list".clone_into(&mut verb);
    }
    if verb == "return" {
        "get".clone_into(&mut verb);
    }
    // `Creates or updates`.
    if kept.len() > 1
        && has("or and", &kept[0])
        && let Some(second) = base_form(&kept[1])
    {
        kept[1] = second;
    }
    let superfluous = match verb.as_str() {
        "list" => "all",
        "create" | "add" => "new",
        _ => "",
    };
    if kept.len() > 1 && kept[0] == superfluous {
        kept.remove(0);
    }
    kept.insert(0, verb);
    if kept.len() > MAX_WORDS
        && let Some(at) = kept.iter().skip(3).position(|word| has(CLAUSES, word))
    {
        kept.truncate(at + 3);
    }
    (kept.len() <= MAX_WORDS).then(|| kept.join(" "))
}

/// Whether a word is one of the list.
fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|it| it == word)
}

/// `Retrieves` and `Retrieve` are `retrieve`; `None` where the word is no verb that is known.
fn base_form(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let stem = |ending: &str, base: &str| word.strip_suffix(ending).map(|stem| format!("{stem}{base}"));
    let forms = [Some(word.clone()), stem("s", ""), stem("es", ""), stem("ies", "y")];
    forms.into_iter().flatten().find(|form| has(VERBS, form))
}

fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// The text without the tags of HTML in it.
fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    // A note in a box of its own is about the operation, and does not say what it is.
    let mut rest = text.split("<aside").next().unwrap_or_default();
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        let Some((_, after)) = tag.split_once('>') else { return plain };
        rest = after;
    }
    plain + rest
}

/// The text without what stands in parentheses.
fn without_remarks(text: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_usize;
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    plain
}

/// The text up to where its first sentence, or line, ends.
fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    let line = text.lines().next().unwrap_or_default();
    [". ", "; ", ": "].iter().filter_map(|end| line.find(end)).min().map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::{shorten, shorten_all};

    #[test]
    fn what_a_name_says_without_is_left_out() {
        let of = |summary: &str| shorten(summary).unwrap_or_default();
        assert_eq!(of("Retrieve a coupon"), "retrieve coupon");
        assert_eq!(of("List all Checkout Sessions"), "list Checkout Sessions");
        assert_eq!(of("Retrieves a list of the customer's orders (deprecated)"), "list customer orders");
        assert_eq!(shorten_all("List the plans (stubbed)").as_deref(), Some("list plans (stubbed)"));
        assert_eq!(
            of("Removes an address from a customer’s address list"),
            "remove address from customer address list"
        );
        assert_eq!(of("<p>Retrieves a single gift card by its ID</p>"), "retrieve gift card by its ID");
        assert_eq!(of("Create new database"), "create database");
        assert_eq!(of("Use custom servers; disable forwarding"), "use custom servers");
        assert_eq!(of("Replies to a comment"), "reply to comment");
        assert_eq!(of("Uploads or creates a file"), "upload or create file");
        assert_eq!(of("Returns the users of a list"), "get users of list");
    }

    #[test]
    fn what_is_no_filler_stays() {
        let of = |summary: &str| shorten(summary).unwrap_or_default();
        assert_eq!(of("Totals for entire account"), "Totals for entire account");
        assert_eq!(of("List A records of zone"), "list A records of zone");
        assert_eq!(of("Get plan a"), "get plan a");
        assert_eq!(of("List all"), "list all");
        assert_eq!(of("A new comment"), " new comment");
    }

    #[test]
    fn prose_is_cut_at_its_clause_or_is_no_name() {
        let cut = shorten("Retrieves storefront access tokens of the shop that have been issued to an app");
        assert_eq!(cut.as_deref(), Some("retrieve storefront access tokens of shop"));
        assert_eq!(shorten("one two three four five six seven eight nine"), None);
        assert_eq!(shorten("/media-bridge/v1/settings"), None);
        assert_eq!(shorten("<p>"), None);
        assert_eq!(shorten("<aside> <h4>Caution</h4> for orders"), None);
    }
}

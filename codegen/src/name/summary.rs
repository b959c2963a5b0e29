//! Derives the words of a name from a summary: `Retrieves a list of the customer's orders (deprecated)` is `list
//! customer orders`.

/// A summary that has more words than this when it is shortened is prose, and no name.
const MAX_WORDS: usize = 8;

/// What follows so many bytes is not looked at.
const MAX_BYTES: usize = 16 * 1024;

/// What summaries begin with; in the third person it is brought back to this form.
const VERBS: &str = "accept access acknowledge activate add adjust allow anonymize answer append apply approve archive \
    assign associate attach authenticate bind block calculate cancel capture categorize change check clear clone close \
    compare complete compose compress configure confirm connect convert copy count create deactivate decline delete \
    deliver demote deny deregister describe detach determine disable disassociate disconnect dismiss display \
    dissociate downgrade download edit enable end erase exchange execute expire export extract fetch find follow \
    forward fulfill generate get give grant hide identify import indicate ingest initialize initiate insert install \
    invalidate invite invoke issue join kick leave like link list lock look make manage mark match merge modify move \
    mute obtain open overwrite parse pause perform pin ping place post prepare preview process promote provide publish \
    push query reactivate read reassign receive record recover redeem redeliver refresh refund regenerate register \
    reissue reject release remove rename render renew reopen reorder replace reply report request rerequest rerun \
    resend reset resolve restart restore restrict resume retest retrieve retry return reverse revoke rotate run save \
    schedule search send set share show shut sign sort split star start stop submit subscribe suspend switch sync \
    terminate test toggle transfer transform translate trigger unarchive unassign unblock uncompress undo unfollow \
    uninstall unlike unlink unlock unmark unmute unpin unpublish unstar unsubscribe update upgrade upload upsert use \
    validate verify view watch write";

/// What summaries begin with too, but another word in the plural: `Reviews of a product`.
const PLAIN_VERBS: &str = "filter force fork log map order patch purchase review scan stream vote";

/// What a verb cannot be parted from: `sign in`.
const PARTICLES: &str = "in out on off up down";

/// Words that a name says without.
const ARTICLES: &str = "a an the The";

/// Words that make nothing of a kind any more particular.
const FILLERS: &str = "single given specific specified existing";

/// What a sentence about the operation itself begins with.
const PREAMBLES: &str = "a an the this";

/// Where a remark begins that a long summary does without.
const CLAUSES: &str = "that which who whose using via where when so including requires based";

/// The words of a summary that make a name; `None` where it is prose, or not in words.
pub(super) fn shorten(summary: &str) -> Option<String> {
    shorten_all(&without_remarks(summary))
}

/// The same, with what the summary remarks in parentheses.
pub(super) fn shorten_all(summary: &str) -> Option<String> {
    let text = without_tags(summary.get(..MAX_BYTES).unwrap_or(summary));
    let mut words: Vec<&str> = without_preamble(first_sentence(&text).split_whitespace().collect());
    if words.first().is_none_or(|word| word.contains('/')) {
        return None;
    }
    let first = words.remove(0);
    let has_object = words.first().is_some_and(|word| has(ARTICLES, word));
    let verb = base_form(first).or_else(|| third_person(first).filter(|_| has_object));
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
        if kept.len() > 1 && kept[0] == "of" {
            kept.remove(0);
        }
    }
    kept.insert(0, verb);
    if kept.len() > MAX_WORDS
        && let Some(at) = kept.iter().skip(3).position(|word| has(CLAUSES, word))
    {
        kept.truncate(at + 3);
    }
    (kept.len() <= MAX_WORDS).then(|| kept.join(" "))
}

/// `This method allows admins to set a name` says no more than what follows its `to`.
fn without_preamble(words: Vec<&str>) -> Vec<&str> {
    let is_preamble = words.first().is_some_and(|word| has(PREAMBLES, &word.to_lowercase()));
    let allows = words.iter().position(|word| has("allow allows enables lets used", word));
    let to = allows.and_then(|at| words[at..].iter().position(|word| *word == "to").map(|to| at + to + 1));
    match to.filter(|to| is_preamble && words.get(*to).is_some_and(|word| base_form(word).is_some())) {
        Some(to) => words[to..].to_vec(),
        None => words,
    }
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

/// Whether a word, in small letters, is a verb that is known.
pub(super) fn is_verb(word: &str) -> bool {
    has(VERBS, word)
}

/// `Squashes` before an article is a verb, known or not, and without its ending `squash`.
fn third_person(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let is_long = word.len() > 4 && !word.ends_with("ss");
    without_s(&word).filter(|_| is_long)
}

/// Words that end with an `s` and are no plural.
const SINGULARS: &str = "analytics aws css dns gps news rss series sms tls";

/// Plurals that are made otherwise than by an `s`, and those whose `s` follows an `e` or `ie` that is the word's own.
const IRREGULARS: [(&str, &str); 27] = [
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("appendices", "appendix"),
    ("axes", "axis"),
    ("bonuses", "bonus"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("calories", "calorie"),
    ("campuses", "campus"),
    ("children", "child"),
    ("cookies", "cookie"),
    ("criteria", "criterion"),
    ("diagnoses", "diagnosis"),
    ("indices", "index"),
    ("lenses", "lens"),
    ("matrices", "matrix"),
    ("men", "man"),
    ("movies", "movie"),
    ("niches", "niche"),
    ("people", "person"),
    ("quizzes", "quiz"),
    ("selfies", "selfie"),
    ("shelves", "shelf"),
    ("statuses", "status"),
    ("vertices", "vertex"),
    ("viruses", "virus"),
    ("women", "woman"),
];

/// One of what the last word names: `html_filter`. A word that is no plural stays.
pub(super) fn singular(name: &str) -> String {
    let last = name.rsplit('_').next().unwrap_or_default();
    let is_plural =
        last.ends_with('s') && !has(SINGULARS, last) && !["ss", "us", "is"].iter().any(|it| last.ends_with(it));
    let irregular = IRREGULARS.into_iter().find(|(plural, _)| *plural == last).map(|(_, one)| one.to_owned());
    let one = irregular.or_else(|| without_s(last).filter(|_| is_plural)).unwrap_or_else(|| last.to_owned());
    format!("{}{one}", &name[..name.len() - last.len()])
}

/// The word without the `s` that makes a plural, or a third person, of it.
fn without_s(word: &str) -> Option<String> {
    let stem = word.strip_suffix('s')?;
    let without_e = |ending: &str| stem.strip_suffix('e').filter(|stem| stem.ends_with(ending));
    let hissing = ["sh", "ch", "x", "ss"].into_iter().find_map(without_e);
    Some(match (stem.strip_suffix("ie"), hissing) {
        (Some(stem), _) => format!("{stem}y"),
        (None, hissing) => hissing.unwrap_or(stem).to_owned(),
    })
}

/// A shortened summary that says besides what it is about, after its verb: `list actions secrets`.
pub(super) fn with_subject(shortened: &str, subject: &str) -> String {
    let words: Vec<&str> = shortened.split(' ').collect();
    let is_verb = |at: usize| {
        words.get(at).is_some_and(|word| base_form(word).is_some() || has(PLAIN_VERBS, &word.to_lowercase()))
    };
    let is_one_of = |list: &str, at: usize| words.get(at).is_some_and(|word| has(list, word));
    let verbs = match is_verb(0) {
        true if is_one_of("or and", 1) && is_verb(2) => 3,
        true => 1,
        false => 0,
    };
    let at = if is_one_of(PARTICLES, verbs) { 0 } else { verbs };
    [&words[..at], &[subject], &words[at..]].concat().join(" ")
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
    [". ", "; ", ": ", "—"].iter().filter_map(|end| line.find(end)).min().map_or(line, |at| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::shorten;
    use super::shorten_all;
    use super::singular;
    use super::with_subject;

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
        assert_eq!(of("List all of the admins on a workspace"), "list admins on workspace");
        assert_eq!(of("List all channels—i.e. those that are open"), "list channels");
        assert_eq!(of("An API method that allows admins to set the name of a team 🚧"), "set name of team 🚧");
        assert_eq!(of("Use custom servers; disable forwarding"), "use custom servers");
        assert_eq!(of("Replies to a comment"), "reply to comment");
        assert_eq!(of("Uploads or creates a file"), "upload or create file");
        assert_eq!(of("Returns the users of a list"), "get users of list");
        assert_eq!(of("Reissues a gift card"), "reissue gift card");
        assert_eq!(of("Uninstalls your app"), "uninstall your app");
        assert_eq!(of("Buries the treasure"), "bury treasure");
        assert_eq!(of("Fetches a box"), "fetch box");
        assert_eq!(of("Squashes a bug"), "squash bug");
    }

    #[test]
    fn what_is_no_filler_stays() {
        let of = |summary: &str| shorten(summary).unwrap_or_default();
        assert_eq!(of("Totals for entire account"), "Totals for entire account");
        assert_eq!(of("List A records of zone"), "list A records of zone");
        assert_eq!(of("Get plan a"), "get plan a");
        assert_eq!(of("List all"), "list all");
        assert_eq!(of("A new comment"), " new comment");
        assert_eq!(of("Reviews of a product"), "Reviews of product");
        assert_eq!(of("Is the user there"), "Is user there");
        assert_eq!(of("Across the board"), "Across board");
        assert_eq!(of("Allows your app to request scopes"), "allow your app to request scopes");
        assert_eq!(of("The tool used to cut"), " tool used to cut");
    }

    #[test]
    fn one_of_many_is_singular() {
        for (many, one) in [
            ("html_filters", "html_filter"),
            ("policies", "policy"),
            ("boxes", "box"),
            ("addresses", "address"),
            ("branches", "branch"),
            ("http_caches", "http_cache"),
            ("cookies", "cookie"),
            ("order_statuses", "order_status"),
            ("analyses", "analysis"),
            ("people", "person"),
        ] {
            assert_eq!(singular(many), one);
        }
        for one in ["news", "status", "analysis", "sms", "fish", "series", "address", ""] {
            assert_eq!(singular(one), one);
        }
    }

    #[test]
    fn what_it_is_about_follows_the_verb() {
        assert_eq!(with_subject("list secrets", "actions"), "list actions secrets");
        assert_eq!(with_subject("create or update secret", "actions"), "create or update actions secret");
        assert_eq!(with_subject("create and secrets", "actions"), "create actions and secrets");
        assert_eq!(with_subject("Review request", "orgs"), "Review orgs request");
        assert_eq!(with_subject("Totals for account", "mail"), "mail Totals for account");
        assert_eq!(with_subject("get by id", "fruits"), "get fruits by id");
        assert_eq!(with_subject("start up", "engine"), "engine start up");
        assert_eq!(with_subject("list", "fruits"), "list fruits");
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

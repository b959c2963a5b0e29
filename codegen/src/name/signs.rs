//! Words for signs and symbols, in the names of values that have no letters.

/// Signs that change what a value means: its name always says them.
const SAID: [(char, &str); 30] = [
    ('½', " one half "),
    ('⅓', " one third "),
    ('⅔', " two thirds "),
    ('¼', " one quarter "),
    ('¾', " three quarters "),
    ('⅕', " one fifth "),
    ('⅖', " two fifths "),
    ('⅗', " three fifths "),
    ('⅘', " four fifths "),
    ('⅙', " one sixth "),
    ('⅚', " five sixths "),
    ('⅛', " one eighth "),
    ('⅜', " three eighths "),
    ('⅝', " five eighths "),
    ('⅞', " seven eighths "),
    ('±', " plus minus "),
    ('−', " minus "),
    ('×', " times "),
    ('÷', " divided by "),
    ('≤', " at most "),
    ('≥', " at least "),
    ('≠', " not equals "),
    ('≈', " about "),
    ('∞', " infinity "),
    ('√', " root "),
    ('∅', " empty set "),
    ('¬', " not "),
    ('∧', " and "),
    ('∨', " or "),
    ('‰', " per mille "),
];

/// Signs that a name says only where it would be empty, or equal to another, without them.
const SPELLED: [(char, &str); 24] = [
    ('~', " tilde "),
    ('.', " dot "),
    ('/', " slash "),
    (':', " colon "),
    (';', " semicolon "),
    (',', " comma "),
    ('|', " pipe "),
    ('^', " caret "),
    ('$', " dollar "),
    ('?', " question "),
    ('\\', " backslash "),
    ('€', " euro "),
    ('£', " pound "),
    ('¥', " yen "),
    ('¢', " cent "),
    ('₹', " rupee "),
    ('°', " degree "),
    ('←', " left "),
    ('→', " right "),
    ('↑', " up "),
    ('↓', " down "),
    ('§', " section "),
    ('•', " bullet "),
    ('…', " ellipsis "),
];

/// Whether the text has a sign without which its name would mean another value.
pub(super) fn has_said(text: &str) -> bool {
    text.chars().any(|c| SAID.iter().any(|(sign, _)| *sign == c))
}

/// The word for a sign.
pub(super) fn word(sign: char) -> Option<&'static str> {
    SAID.iter().chain(&SPELLED).find(|(known, _)| *known == sign).map(|(_, word)| *word)
}

/// The name of an emoji in Unicode.
pub(super) fn emoji(text: &str) -> Option<&'static str> {
    emojis::get(text.trim()).map(emojis::Emoji::name)
}

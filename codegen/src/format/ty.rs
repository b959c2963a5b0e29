//! Prints types on one line, as `prettyplease` prints them.

use std::fmt::Write;

use proc_macro2::Delimiter;

use crate::format::{complexity::MAX_SCORE, tree::Tree};

/// Whether a word begins what has a form of its own.
pub(super) fn is_keyword(word: &str) -> bool {
    // A match takes less time than a search in a list.
    matches!(
        word,
        "as" | "async"
            | "await"
            | "break"
            | "continue"
            | "dyn"
            | "else"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "loop"
            | "match"
            | "move"
            | "ref"
            | "return"
            | "unsafe"
            | "use"
            | "where"
            | "while"
    )
}

/// Prints the type that the tokens begin with, and moves them to what follows it. Returns `None` if its form is not a plain one, or
/// if it is complex.
pub(super) fn push_type(tokens: &mut &[Tree], line: &mut String) -> Option<()> {
    (push(tokens, 1, line)? <= MAX_SCORE).then_some(())
}

/// Prints a type where complex ones are allowed.
pub(super) fn push_any_type(tokens: &mut &[Tree], line: &mut String) -> Option<()> {
    push(tokens, 1, line).map(drop)
}

/// Moves the tokens behind the character, if they begin with it.
pub(super) fn take(tokens: &mut &[Tree], character: char) -> bool {
    match tokens.split_first() {
        Some((first, rest)) if first.is(character) => {
            *tokens = rest;
            true
        }
        _ => false,
    }
}

/// Moves the tokens behind the word, if they begin with it.
pub(super) fn take_word(tokens: &mut &[Tree], word: &str) -> bool {
    match tokens.split_first() {
        Some((first, rest)) if first.is_word(word) => {
            *tokens = rest;
            true
        }
        _ => false,
    }
}

/// Prints a name.
pub(super) fn push_name(tokens: &mut &[Tree], line: &mut String) -> Option<()> {
    let [Tree::Ident(name), rest @ ..] = *tokens else { return None };
    *tokens = rest;
    push_display(name, line);
    Some(())
}

pub(super) fn push_display(token: impl std::fmt::Display, line: &mut String) {
    // Writing to a string never fails.
    let _ = write!(line, "{token}");
}

/// Prints a type, and returns its score, as `complexity` counts it.
fn push(tokens: &mut &[Tree], depth: usize, line: &mut String) -> Option<usize> {
    if take(tokens, '&') {
        line.push('&');
        if push_lifetime(tokens, line)? {
            line.push(' ');
        }
        if take_word(tokens, "mut") {
            line.push_str("mut ");
        }
        return Some(depth + push(tokens, depth, line)?);
    }
    if take_word(tokens, "impl") {
        line.push_str("impl ");
        loop {
            push_path(tokens, depth, line)?;
            if !take(tokens, '+') {
                return Some(0);
            }
            line.push_str(" + ");
        }
    }
    match *tokens {
        [Tree::Group(Delimiter::Parenthesis, inner), rest @ ..] => {
            *tokens = rest;
            push_tuple(inner, depth, line)
        }
        [Tree::Group(Delimiter::Bracket, inner), rest @ ..] => {
            *tokens = rest;
            let mut inner: &[Tree] = inner;
            line.push('[');
            let score = push(&mut inner, depth + 1, line)?;
            line.push(']');
            inner.is_empty().then_some(10 * depth + score)
        }
        _ => push_path(tokens, depth, line),
    }
}

fn push_tuple(mut items: &[Tree], depth: usize, line: &mut String) -> Option<usize> {
    let mut score = 10 * depth;
    let mut count = 0;
    line.push('(');
    while !items.is_empty() {
        if count > 0 {
            line.push(' ');
        }
        count += 1;
        score += push(&mut items, depth + 1, line)?;
        let has_comma = take(&mut items, ',');
        // A comma behind the last item is only that of a tuple of one.
        if !items.is_empty() || (has_comma && count == 1) {
            line.push(',');
        }
        if has_comma == items.is_empty() && count > 1 {
            return None;
        }
    }
    line.push(')');
    Some(score)
}

fn push_path(tokens: &mut &[Tree], depth: usize, line: &mut String) -> Option<usize> {
    let mut score = 10 * depth;
    if take_separator(tokens) {
        line.push_str("::");
    }
    loop {
        let start = line.len();
        push_name(tokens, line)?;
        if is_keyword(&line[start..]) {
            return None;
        }
        if take(tokens, '<') {
            line.push('<');
            score += push_arguments(tokens, depth + 1, line)?;
            line.push('>');
        }
        if !take_separator(tokens) {
            return Some(score);
        }
        line.push_str("::");
    }
}

/// Prints the arguments of a type, up to its closing bracket, and returns their score.
pub(super) fn push_arguments(tokens: &mut &[Tree], depth: usize, line: &mut String) -> Option<usize> {
    let mut score = 0;
    loop {
        if let [Tree::Ident(_), equals, ..] = *tokens
            && equals.is('=')
        {
            push_name(tokens, line)?;
            take(tokens, '=');
            line.push_str(" = ");
            push(tokens, depth, line)?;
        } else if !push_lifetime(tokens, line)? {
            score += push(tokens, depth, line)?;
        }
        if take(tokens, '>') {
            return Some(score);
        }
        if !take(tokens, ',') {
            return None;
        }
        line.push_str(", ");
    }
}

/// Prints a lifetime, and returns whether there is one.
fn push_lifetime(tokens: &mut &[Tree], line: &mut String) -> Option<bool> {
    if !take(tokens, '\'') {
        return Some(false);
    }
    line.push('\'');
    push_name(tokens, line)?;
    Some(true)
}

/// Prints the lifetimes in angle brackets that the tokens begin with, if they do.
pub(super) fn push_lifetimes(tokens: &mut &[Tree], line: &mut String) -> Option<()> {
    if !take(tokens, '<') {
        return Some(());
    }
    line.push('<');
    while push_lifetime(tokens, line)? {
        if take(tokens, '>') {
            line.push('>');
            return Some(());
        }
        if !take(tokens, ',') {
            return None;
        }
        line.push_str(", ");
    }
    None
}

/// Whether the printed type has no place for a break.
pub(super) fn is_unbreakable(ty: &str) -> bool {
    !ty.contains(['<', '(', '['])
}

fn take_separator(tokens: &mut &[Tree]) -> bool {
    match *tokens {
        [first, second, rest @ ..] if first.is_joint(':') && second.is(':') => {
            *tokens = rest;
            true
        }
        _ => false,
    }
}

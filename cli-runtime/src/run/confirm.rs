//! Asks before a call deletes.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use lowcodeapi_runtime::catalogue::{Effect, Prepared};

use crate::{
    failure::{Class, Failure},
    output,
    settings::Settings,
};

/// Asks whether to send a call that deletes. Where nobody can be asked, `--yes` is needed.
pub(crate) async fn confirm(prepared: &Prepared, settings: &Settings) -> Result<(), Failure> {
    let operation = prepared.operation();
    if operation.effect() != Effect::Delete || settings.yes {
        return Ok(());
    }
    let words = operation.words();
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let message = format!("`{words}` needs confirmation, and this is not a terminal");
        return Err(Failure::usage(message).help("pass --yes to delete without confirmation"));
    }
    let url = prepared.dry_run()?.url;
    let question = format!("{words}: delete {}? [y/N] ", output::line(&url));
    let answer = tokio::task::spawn_blocking(move || ask(&question)).await;
    match answer {
        Ok(Ok(answer)) if is_yes(&answer) => Ok(()),
        Ok(Ok(_)) => Err(Failure::new(Class::Declined, "nothing was deleted")),
        Ok(Err(error)) => Err(Failure::new(Class::Declined, format!("the question could not be asked: {error}"))),
        Err(_) => Err(Failure::new(Class::Declined, "the question could not be asked")),
    }
}

fn ask(question: &str) -> io::Result<String> {
    // It is not locked, because a signal is reported while this waits for the answer.
    let mut stderr = io::stderr();
    stderr.write_all(question.as_bytes())?;
    stderr.flush()?;
    let mut answer = String::new();
    // The end of the input is an empty answer.
    if io::stdin().lock().read_line(&mut answer)? == 0 {
        stderr.write_all(b"\n")?;
    }
    Ok(answer)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        for (answer, expected) in [("y\n", true), ("YES\r\n", true), ("", false), ("\n", false), ("yep", false)] {
            assert_eq!(is_yes(answer), expected, "{answer:?}");
        }
    }
}

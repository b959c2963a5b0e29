//! The generator gives no input an option, and no group a name, that every program has. It cannot ask this program, so its
//! lists are compared here with what the program offers.

use std::fs;

use crate::support::run;

/// The text of a constant in the generator's source.
fn list(file: &str, start: &str) -> String {
    let source = fs::read_to_string(format!("{}/codegen/src/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    source.split(start).nth(1).unwrap().split(';').next().unwrap().to_owned()
}

#[test]
fn the_generator_knows_the_options_of_every_command() {
    let known = list("emit/command/option.rs", "const OWN: &[&str] = &[");
    let mut count = 0;
    // Between them, these commands have every option: pages, a file, and a deletion.
    for command in [&["tones", "list"][..], &["image", "remove-background"], &["tones", "delete"]] {
        let help = run(&[command, &["--help"][..]].concat()).stdout;
        let own = help.split("\nRequest:\n").nth(1).unwrap();
        for line in own.lines().filter(|line| line.starts_with("      --") || line.starts_with("  -")) {
            let name = line.split("--").nth(1).unwrap().split([' ', '[', '.']).next().unwrap();
            assert!(known.contains(&format!("\"{name}\"")), "--{name} is not in {known}");
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn the_generator_knows_the_commands_of_every_program() {
    let known = list("name/command.rs", "const OWN: &[&str] = &[");
    let help = run(&["-h"]).stdout;
    let listed = help.split("\nCommands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    // The program's own commands follow those of the operations.
    let own: Vec<&str> =
        listed.lines().map(|line| line.split_whitespace().next().unwrap()).skip_while(|name| *name != "auth").collect();
    assert!(own.len() >= 8, "{own:?}");
    for name in own {
        assert!(known.contains(&format!("\"{name}\"")), "{name} is not in {known}");
    }
}

//! Tests of the command line as a whole.

use std::time::Duration;

use super::*;
use crate::{
    fixture::{CATALOGUE, COMMANDS},
    settings::{Color, Format},
    table::{self, Commands, Group, Kind, Opt},
};

const APP: App = App::new(&COMMANDS).version("1.2.3");

fn parse(line: &str) -> Result<Parsed, Mistake> {
    read(&APP, &CATALOGUE, line.split(' ').map(OsString::from).collect())
}

/// Returns what clap prints.
fn printed(line: &str) -> String {
    match parse(line) {
        Err(Mistake::Clap(error)) => error.render().to_string(),
        other => panic!("{other:?}"),
    }
}

fn called(line: &str) -> (&'static str, Settings) {
    match parse(line).unwrap() {
        Parsed { settings, action: Action::Call { command, .. } } => (command.operation, settings),
        other => panic!("{other:?}"),
    }
}

#[test]
fn commands_are_found_in_groups_and_without() {
    assert_eq!(called("notes notes list").0, "list_notes");
    assert_eq!(called("notes summary").0, "summary");
    assert_eq!(called("notes notes get n1").0, "get_note");
}

#[test]
fn options_of_all_commands_stand_anywhere() {
    for line in [
        "notes --output jsonl --timeout 2m -v notes list -v",
        "notes notes --output jsonl -v list --timeout=120 -v",
        "notes -v --output json notes list --output jsonl -v --timeout 2m",
    ] {
        let (operation, settings) = called(line);
        assert_eq!(operation, "list_notes");
        assert_eq!(settings.output, Some(Format::Jsonl), "{line}");
        assert_eq!(settings.timeout, Some(Duration::from_secs(120)));
        assert_eq!(settings.verbose, 2);
    }
    let (_, settings) = called("notes --dry-run notes delete n1 --yes --color never --retries 0 --token-file -");
    assert!(settings.dry_run && settings.yes && !settings.sample);
    assert_eq!((settings.color, settings.retries), (Color::Never, Some(0)));
    assert_eq!(settings.token_file, Some("-".into()));
}

#[test]
fn options_exist_where_they_mean_something() {
    assert!(called("notes notes list --all").1.all);
    assert!(printed("notes notes get n1 --all").contains("unexpected argument '--all'"));
    assert_eq!(called("notes files get f1 --to -").1.to, Some("-".into()));
    assert!(printed("notes notes get n1 --to x").contains("unexpected argument '--to'"));
    assert!(printed("notes notes list --url-format old").contains("unexpected argument '--url-format'"));
    assert!(printed("notes notes list --mock").contains("unexpected argument '--mock'"));
    let refused = |line| match parse(line) {
        Err(Mistake::Failure(failure)) => failure.message,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused("notes --sample doctor"), "`--sample` is an option of calls, which `doctor` is not");
    assert_eq!(refused("notes --to x doctor"), "`--to` is an option of calls, which `doctor` is not");
    assert!(called("notes --all notes list").1.all);
    assert!(refused("notes --all notes get n1").starts_with("`--all` is for lists with pages"));
    assert_eq!(called("notes files --to - get f1").1.to, Some("-".into()));
    assert!(refused("notes notes --to x get n1").starts_with("`--to` is for files"));
}

#[test]
fn wrong_names_get_suggestions() {
    assert!(printed("notes note list").contains("similar subcommand exists: 'notes'"));
    assert!(printed("notes notes lst").contains("similar subcommand exists: 'list'"));
    assert!(printed("notes notes create --titel x").contains("similar argument exists: '--title'"));
}

#[test]
fn names_without_their_groups_get_hints() {
    let get = printed("notes get n1");
    assert!(get.contains("there is 'notes get'") && get.contains("there is 'files get'"), "{get}");
    assert!(printed("notes list-notes").contains("there is 'notes list'"));
    assert!(printed("notes get_file").contains("there is 'files get'"));
}

#[test]
fn admin_commands_are_read() {
    let action = |line| match parse(line).unwrap() {
        Parsed { action: Action::Admin(action), settings } => (action, settings),
        other => panic!("{other:?}"),
    };
    assert!(matches!(action("notes help exit-codes").0, AdminAction::ExitCodes));
    let (doctor, settings) = action("notes doctor --base-url https://other.example");
    assert!(matches!(doctor, AdminAction::Doctor(_)));
    assert_eq!(settings.base_url.as_deref(), Some("https://other.example"));
    let (auth, settings) = action("notes auth status --output json");
    assert!(matches!(auth, AdminAction::Auth(_)));
    assert_eq!(settings.output, Some(Format::Json));
    assert!(printed("notes demo").contains("unrecognized subcommand"), "there is nothing to demonstrate");
    let AdminAction::Completions(_, tree) = action("notes completions fish").0 else { panic!() };
    let create = tree.find_subcommand("notes").and_then(|notes| notes.find_subcommand("create")).unwrap();
    assert!(create.get_arguments().any(|argument| argument.get_long() == Some("author.name")));
}

#[test]
fn mistakes_end_with_status_2_and_help_with_0() {
    let status = |line: &str| match parse(line) {
        Err(Mistake::Clap(error)) => error.exit_code(),
        other => panic!("{other:?}"),
    };
    assert_eq!(status("notes --help"), 0);
    assert_eq!(status("notes --version"), 0);
    for command in ["summary", "notes", "notes create", "doctor", "auth", "auth status", "completions", "help"] {
        assert_eq!(status(&format!("notes {command} -h")), 0, "{command}");
        assert_eq!(status(&format!("notes help {command}")), 0, "{command}");
    }
    assert_eq!(status("notes"), 2);
    assert_eq!(status("notes notes"), 2);
    assert_eq!(status("notes help nothing"), 2);
    assert_eq!(status("notes notes list --timeout soon"), 2);
    assert_eq!(status("notes notes create --title a --title b"), 2);
}

#[test]
fn help_is_short_or_long() {
    let program = printed("notes --help");
    let is_admin =
        |line: &str| admin::commands(&APP).iter().any(|it| line.starts_with(&format!("  {} ", it.get_name())));
    let own: Vec<&str> = program.lines().filter(|line| !is_admin(line)).collect();
    assert_eq!(program.lines().count() - own.len(), admin::commands(&APP).len());
    insta::assert_snapshot!("program", own.join("\n"));
    insta::assert_snapshot!("group", printed("notes notes -h"));
    insta::assert_snapshot!("create_short", printed("notes notes create -h"));
    insta::assert_snapshot!("create_long", printed("notes help notes create"));
    insta::assert_snapshot!("get_short", printed("notes notes get -h"));
}

#[test]
fn only_the_named_command_has_its_options() {
    const OPTIONS: &[Opt] = &[Opt::new("first", "first", Kind::Text, ""), Opt::new("second", "second", Kind::Text, "")];
    static GROUPS: [Group; 1] = [Group::new("big", "")];
    let name = |index: usize| -> &'static str { format!("c{index}").leak() };
    let commands: Vec<table::Command> =
        (0..1_000).map(|index| table::Command::new("list_notes", "big", name(index), "").options(OPTIONS)).collect();
    let table: &'static Commands =
        Box::leak(Box::new(Commands::new("big", "").groups(&GROUPS).commands(commands.leak())));

    let app = App::new(table);
    let tree = tree::build(&app, &CATALOGUE, Scope::Named(Some("big"), Some("c1")), ColorChoice::Never);
    let group = tree.find_subcommand("big").unwrap();
    assert_eq!(group.get_subcommands().count(), 1_000);
    let built: Vec<&str> =
        group.get_subcommands().filter(|it| it.get_arguments().count() > 0).map(clap::Command::get_name).collect();
    assert_eq!(built, ["c1"]);
    let tree = tree::build(&app, &CATALOGUE, Scope::Named(Some("other"), None), ColorChoice::Never);
    assert_eq!(tree.find_subcommand("big").unwrap().get_subcommands().count(), 0);
    let tree = tree::build(&app, &CATALOGUE, Scope::All, ColorChoice::Never);
    let built = tree.find_subcommand("big").unwrap().get_subcommands();
    assert!(built.into_iter().all(|command| command.get_arguments().count() > 2));
}

#[test]
fn names_that_clash_do_not_panic() {
    static CLASH: Commands = Commands::new("clash", "").groups(&[Group::new("doctor", "")]).commands(&[
        table::Command::new("list_notes", "", "one", "").options(&[
            Opt::new("output", "output", Kind::Text, "").required().positional(),
            Opt::new("all", "all", Kind::Text, ""),
            Opt::new("help", "help", Kind::Text, ""),
            Opt::new("twice", "twice", Kind::Text, ""),
            Opt::new("twice", "again", Kind::Text, "").positional(),
        ]),
        table::Command::new("get_note", "", "one", ""),
        table::Command::new("get_note", "doctor", "visit", ""),
    ]);
    let app = App::new(&CLASH);
    let parsed = |line: &str| read(&app, &CATALOGUE, line.split(' ').map(OsString::from).collect()).unwrap();
    let parsed_one = parsed("clash one --twice x --output json");
    assert!(matches!(parsed_one.action, Action::Call { command, .. } if command.operation == "list_notes"));
    assert_eq!(parsed_one.settings.output, Some(Format::Json));
    assert!(matches!(parsed("clash doctor visit").action, Action::Call { .. }));
}

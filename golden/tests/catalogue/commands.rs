//! The commands of a program, and the calls that their samples make.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{CLIENTS, schemas::validator};

#[test]
fn a_sample_is_what_the_call_takes() {
    let (mut samples, mut wrong) = (0, Vec::new());
    for client in CLIENTS {
        for command in client.commands.commands {
            let place = format!("{} {}", client.case, command.operation);
            let operation = client.catalogue.operation(command.operation).unwrap_or_else(|| panic!("{place}"));
            if command.sample.is_empty() {
                continue;
            }
            let sample: Value = serde_json::from_str(command.sample).unwrap_or_else(|error| panic!("{place}: {error}"));
            let validator = validator(&client.catalogue.input_schema(operation, None)).unwrap();
            // Files are not part of a sample.
            let needs_file = operation.inputs.iter().any(|input| input.is_required && input.file.is_some());
            if needs_file {
                continue;
            }
            if let Err(error) = validator.validate(&sample) {
                wrong.push(format!("{place}: {error} at {} in {sample}", error.instance_path()));
            }
            if let Err(error) = (client.dry_run)(command.operation, sample.clone().into()) {
                wrong.push(format!("{place}: {error} for {sample}"));
            }
            samples += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(samples > 100, "{samples} samples");
}

#[test]
fn every_operation_has_a_command_of_its_own() {
    for client in CLIENTS {
        let commands = client.commands.commands;
        let names: Vec<&str> = client.catalogue.operations.iter().map(|operation| operation.name).collect();
        assert_eq!(commands.iter().map(|it| it.operation).collect::<Vec<_>>(), names, "{}", client.case);
        let words: BTreeSet<(&str, &str)> = commands.iter().map(|it| (it.group, it.name)).collect();
        assert_eq!(words.len(), commands.len(), "{}: {words:?}", client.case);
        let groups: BTreeSet<&str> = client.commands.groups.iter().map(|group| group.name).collect();
        for command in commands {
            assert!(command.group.is_empty() || groups.contains(command.group), "{}: {command:?}", client.case);
            assert!(!command.group.is_empty() || !groups.contains(command.name), "{}: {command:?}", client.case);
            assert!(!command.about.is_empty() && !command.about.contains('\n'), "{}: {command:?}", client.case);
        }
    }
}

#[test]
fn every_option_has_a_name_of_its_own_and_an_input() {
    for client in CLIENTS {
        for command in client.commands.commands {
            let operation = client.catalogue.operation(command.operation).unwrap();
            let names: BTreeSet<&str> = command.options.iter().map(|option| option.name).collect();
            assert_eq!(names.len(), command.options.len(), "{} {}: {names:?}", client.case, command.operation);
            for option in command.options {
                let input = operation.input(option.input);
                assert!(input.is_some(), "{} {}: {option:?}", client.case, command.operation);
                let has_dash = option.name.starts_with('-') || option.name.contains(['_', ' ', '=']);
                assert!(!has_dash && !option.name.is_empty(), "{} {}: {option:?}", client.case, command.operation);
                assert!(!option.help.contains('\n'), "{} {}: {option:?}", client.case, command.operation);
            }
            // What no option sets is set by `--body`.
            let optionless = operation.inputs.iter().filter(|it| command.options.iter().all(|o| o.input != it.name));
            let bodies: Vec<_> = optionless.filter(|it| it.wire != "body").map(|it| it.name).collect();
            assert!(bodies.is_empty(), "{} {}: {bodies:?}", client.case, command.operation);
        }
    }
}

//! Generated documentation says something: no comment of any golden case only repeats the name of its item.

use std::{fs, path::Path};

use lowcodeapi_codegen::{Config, Inputs, Source, generate};

use super::judge::comments_of;

/// Whether a line says no more than the name and the kind of an item: ``The property `x`.``
fn is_filler(line: &str) -> bool {
    let Some(rest) = line.trim().strip_prefix("The ").or_else(|| line.trim().strip_prefix("Sets the ")) else {
        return ["One of the values of `", "One of the forms of `", "Calls the operation `", "A value with "]
            .iter()
            .any(|start| line.trim().starts_with(start));
    };
    let kinds = ["property", "input", "value", "model", "field", "type", "parameter", "operation"];
    kinds.iter().filter_map(|kind| rest.strip_prefix(kind)).any(|rest| rest.starts_with(" `") && rest.ends_with("`."))
}

#[test]
fn no_comment_is_filler() {
    for line in ["The property `a`.", " Sets the input `a`.", "One of the values of `A`.", "The model `A`."] {
        assert!(is_filler(line), "{line}");
    }
    for line in ["The name of `a`.", "Sets the query parameter `a`.", "The property `a` selects the variant. Others."] {
        assert!(!is_filler(line), "{line}");
    }
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/cases");
    let mut read = 0;
    for case in fs::read_dir(cases).expect("there are golden cases") {
        let folder = case.expect("a folder can be read").path();
        let text = |file: &str| fs::read_to_string(folder.join(file)).ok();
        let Some(document) = text("openapi.yaml") else { continue };
        let (overlay, lock) = (text("overlay.yaml"), text("lock.json"));
        let mut inputs = Inputs::new(Source { name: "openapi.yaml", text: &document });
        if let Some(text) = &overlay {
            inputs = inputs.overlay(Source { name: "overlay.yaml", text });
        }
        if let Some(text) = &lock {
            inputs = inputs.lock(Source { name: "lock.json", text });
        }
        for file in generate(&inputs, &Config::default()).output.into_iter().flat_map(|output| output.files) {
            for comment in comments_of(&file.source) {
                read += 1;
                assert!(!comment.trim().is_empty(), "{}, {}: an empty comment", folder.display(), file.path);
                let filler = comment.lines().find(|line| is_filler(line));
                assert_eq!(filler, None, "{}, {}", folder.display(), file.path);
            }
        }
    }
    assert!(read > 1_000, "{read} comments were read");
}

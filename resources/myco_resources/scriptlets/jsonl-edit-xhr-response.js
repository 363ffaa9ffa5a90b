// jsonl-edit-xhr-response, path, options: removes places of each line of such answers.
(kit, ...words) => kit.editJson.xhrResponseLines(false, ...words)

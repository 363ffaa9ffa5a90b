// trusted-jsonl-edit-xhr-response, path, options: removes or fills places of each line of such answers.
(kit, ...words) => kit.editJson.xhrResponseLines(true, ...words)

// jsonl-edit-fetch-response, path, options: removes places of each line of such answers.
(kit, ...words) => kit.editJson.fetchResponseLines(false, ...words)

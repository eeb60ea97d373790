internal import GranaryCore

extension StateStoreConformance {
    static let reading: [Check] = [
        Check("what was never written has neither etag nor data") { trial in
            for record in try await trial.load(trial.grain(), ["one", "two"]) {
                try trial.expect(
                    record.etag == nil && record.data == nil, "a record without etag and data", found: record)
            }
        },
        Check("what was written is read back: value, etag and version") { trial in
            let write = trial.write(#"{"items":[{"name":"book","count":2}],"open":true,"note":null}"#, version: 7)
            try await trial.mustSave(trial.grain(), write)
            try await trial.expectStored(trial.grain(), write)
        },
        Check("records come in the order of the names, absent ones among them") { trial in
            let first = trial.write("first", "1")
            let third = trial.write("third", "3")
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), third)
            let records = try await trial.load(trial.grain(), ["third", "second", "first"])
            try trial.expect(records.map(\.etag), [third.next, nil, first.next], "the etags in the order of the names")
        },
        Check("text of every script comes back as it was") { trial in
            let write = trial.write(
                #""Привет, мир — 你好 — مرحبا — שלום — e\u0301 é — 👩‍👩‍👧‍👦🏴‍☠️ — \"\\\/ \n\t\r — \ud83d\ude00""#)
            try await trial.mustSave(trial.grain(), write)
            try await trial.expectStored(trial.grain(), write)
        },
        Check("numbers come back exactly") { trial in
            let write = trial.write(
                "[0,-1,9223372036854775807,-9223372036854775808,0.1,-2.5e-7,1.7976931348623157e308,5e-324,123456.789]")
            try await trial.mustSave(trial.grain(), write)
            try await trial.expectStored(trial.grain(), write)
        },
        Check("every kind of JSON can be a whole value") { trial in
            for (key, json) in ["[]", "{}", #""""#, "0", "true", "false", "[[],[{}]]"].enumerated() {
                let write = trial.write(json)
                try await trial.mustSave(trial.grain("\(key)"), write)
                try await trial.expectStored(trial.grain("\(key)"), write)
            }
        },
        Check("a JSON null is a value, not a cleared state") { trial in
            let write = trial.write("null")
            try await trial.mustSave(trial.grain(), write)
            let record = try await trial.load(trial.grain())
            try trial.expect(JSONValue(record.data), JSONValue.null, "the stored value")
        },
        Check("another connection reads what this one saved") { trial in
            let write = trial.write("1")
            try await trial.mustSave(trial.grain(), write)
            let other = try await trial.connectAgain()
            let records = try await other.stateStore(writingAs: trial.silo).load(
                StateLoad(grain: trial.grain(), names: ["state"]))
            try trial.expect(records.map(\.etag), [write.next], "the etags on the other connection")
        },
    ]
}

internal import GranaryCore

extension StateStoreConformance {
    static let writing: [Check] = [
        Check("a save over the read etag replaces value, etag and version") { trial in
            let first = trial.write("1", version: 1)
            let second = trial.write(over: first.next, "2", version: 2)
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), second)
            try await trial.expectStored(trial.grain(), second)
        },
        Check("the same value saved again has the new etag") { trial in
            let first = trial.write("1")
            let second = trial.write(over: first.next, "1")
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), second)
            try await trial.expectStored(trial.grain(), second)
        },
        Check("states of one grain are independent") { trial in
            let one = trial.write("one", "1")
            let two = trial.write("two", "2")
            try await trial.mustSave(trial.grain(), one)
            try await trial.mustSave(trial.grain(), two)
            let newer = trial.write("one", over: one.next, "3")
            try await trial.mustSave(trial.grain(), newer)
            try await trial.expectStored(trial.grain(), newer)
            try await trial.expectStored(trial.grain(), two)
        },
        Check("grain types with the same key and state name are independent") { trial in
            let cart = trial.write(#""cart""#)
            let order = trial.write(#""order""#)
            try await trial.mustSave(trial.grain(type: "Cart"), cart)
            try await trial.mustSave(trial.grain(type: "Order"), order)
            try await trial.expectStored(trial.grain(type: "Cart"), cart)
            try await trial.expectStored(trial.grain(type: "Order"), order)
        },
        Check("names, types and keys are not run together") { trial in
            // Whatever joins the three parts of the key must not make these the same row.
            let places = [("ab", "c", "d"), ("a", "bc", "d"), ("ab", "cd", ""), ("a/b", "c", "d"), ("a", "b/c", "d")]
            for (index, place) in places.enumerated() {
                let write = trial.write("s\(place.2)", "\(index)")
                try await trial.mustSave(trial.grain("k\(place.1)", type: place.0), write)
            }
            for (index, place) in places.enumerated() {
                let record = try await trial.load(trial.grain("k\(place.1)", type: place.0), "s\(place.2)")
                try trial.expect(JSONValue(record.data), .integer(Int64(index)), "the value of \(place)")
            }
        },
        Check("a clear keeps an etag and no data") { trial in
            let first = trial.write("1")
            let clear = trial.write(over: first.next, nil)
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), clear)
            try await trial.expectStored(trial.grain(), clear)
        },
        Check("what was never written can be cleared") { trial in
            let clear = trial.write(nil)
            try await trial.mustSave(trial.grain(), clear)
            try await trial.expectStored(trial.grain(), clear)
        },
        Check("a clear after a clear is a save like any other") { trial in
            let first = trial.write("1")
            let clear = trial.write(over: first.next, nil)
            let again = trial.write(over: clear.next, nil)
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), clear)
            try await trial.mustSave(trial.grain(), again)
            try await trial.expectStored(trial.grain(), again)
        },
        Check("a cleared state can be written again") { trial in
            let first = trial.write("1")
            let clear = trial.write(over: first.next, nil)
            let again = trial.write(over: clear.next, "2")
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), clear)
            try await trial.mustSave(trial.grain(), again)
            try await trial.expectStored(trial.grain(), again)
        },
    ]
}

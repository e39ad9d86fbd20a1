import Cairn
import JSON
import Packing
import Rendering

extension JSONValue {
  /// The object of `cairn context --json`, which `Docs/JSON.md` describes.
  static func context(_ pack: ContextPack, root: Path, seconds: Double) -> JSONValue {
    let pieces = pack.pieces.map { piece in
      let excerpt = piece.excerpt
      var part: [(name: String, value: JSONValue)] = [("part", .string(piece.part.rawValue))]
      part += members("path", excerpt.path)
      part += [
        ("language", .string(piece.language)), ("start_line", .integer(excerpt.firstLine)),
        ("end_line", .integer(excerpt.lastLine)), ("symbols", .array(excerpt.symbols.map { .string($0) })),
        ("lines", .array(excerpt.lines.map { .string($0) })),
      ]
      return JSONValue.object(part)
    }
    let places = pack.places.map { place in
      JSONValue.object(
        members("path", place.place) + [("line", .integer(place.line)), ("text", .string(place.text))])
    }
    var all: [(name: String, value: JSONValue)] = [
      ("type", .string("context")), ("subject", .string(pack.subject)), ("of_file", .boolean(pack.file != nil)),
    ]
    all += members("root", root)
    all += [
      ("limit", .integer(pack.limit)), ("tokens", .integer(pack.tokens)), ("complete", .boolean(pack.isComplete)),
      ("absences", .array(pack.absences.map { .string($0) })), ("outline", .array(pack.outline.map { .string($0) })),
      ("pieces", .array(pieces)), ("places", .array(places)), ("markdown", .string(pack.markdown)),
    ]
    all += notes(pack.notes)
    all.append(("seconds", .number(seconds)))
    return .object(all)
  }
}

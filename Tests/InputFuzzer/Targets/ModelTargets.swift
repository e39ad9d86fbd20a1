import Disk
import Embedding
import JSON
import OnnxEmbedding
import Primitives
import Tokenizing

extension InputTarget {
  /// A JSON document. What was read is the same where it is written and read again.
  static let json = InputTarget("json", byteLimit: 4096) { input in
    guard let value = try? JSONValue(parsing: input) else { return }
    do throws(Failure) {
      expect(try JSONValue(parsing: value.bytes) == value, "a document that is written is read as another")
    } catch { expect(false, "a document that is written cannot be read: \(error)") }
  }

  /// `tokenizer.json` of a model. Where it is believed, texts become tokens of its vocabulary.
  static let tokenizer = InputTarget("tokenizer", byteLimit: 16 << 10) { input in
    guard let document = try? JSONValue(parsing: input), let tokenizer = try? Tokenizer(parsing: document) else {
      return
    }
    for text in ["", "func parse(_ text: String) -> Größe", " [CLS]  don't\n\u{1F468}\u{200D}\u{1F469} 日本語 é\u{301}"] {
      for limit in [nil, 4, Int.max] {
        guard let encoding = try? tokenizer.encode(text, maximumLength: limit) else { continue }
        expect(encoding.ids.count == encoding.typeIDs.count, "not every token has a type")
        expect(encoding.ids.count <= 1 << 20, "\(encoding.ids.count) tokens of \(text.utf8.count) bytes")
      }
      _ = try? tokenizer.encode(text, pair: "second", maximumLength: 12)
      _ = try? tokenizer.encode(Array(text.utf8.dropLast()).span, addSpecialTokens: false)
    }
    _ = tokenizer.padID
  }

  /// A packed model of Cairn's own form.
  static let staticModel = InputTarget("static-model", byteLimit: 16 << 10) { input in
    let file = ModelDirectory.scratch.write("static.model", input)
    guard let model = try? StaticModel(opening: file) else { return }
    _ = try? model.verify()
    let text = Array("func readBuffer(of file: File) throws { größe += 1 }".utf8)
    if let vectors = try? model.embed(text.span, pieces: [0..<text.count, 5..<9], path: "src/read.swift") {
      expect(vectors.count == 2 * model.identity.dimensions, "\(vectors.count) components of two vectors")
    }
    _ = try? model.embed(query: "read a buffer")
    _ = try? model.pieces(of: text.span)
  }

  /// The documents that say how a model is used: one after the other, NULs between them.
  static let modelDescription = InputTarget("model-description", byteLimit: 4096) { input in
    let (scratch, files) = (ModelDirectory.scratch, ModelDirectory.files)
    let names: [FilePath] = [
      "config.json", "modules.json", "pooling/config.json", "sentence_bert_config.json",
      "config_sentence_transformers.json",
    ]
    let documents = input.array.split(separator: 0, omittingEmptySubsequences: false)
    for (number, name) in names.enumerated() {
      let document = number < documents.count ? Array(documents[number]) : []
      if document.isEmpty { scratch.remove(name) } else { scratch.write(name, document.span) }
    }
    guard let description = try? ModelDescription(files) else { return }
    let limits = BatchBudget.Limits(description.size, isAccelerator: false, memoryByteCount: 1 << 30, runsAtOnce: 2)
    expect(
      limits.start >= 1 && limits.largest >= limits.start, "a batch of \(limits.start) to \(limits.largest) tokens")
    expect(description.maximumLength > 0, "a model that reads \(description.maximumLength) tokens")
  }
}

private enum ModelDirectory {
  static let scratch = ScratchDirectory("model")
  static let files: ModelFiles = {
    do throws(Failure) {
      scratch.write("model.onnx", Span())
      scratch.write("tokenizer.json", Span())
      try makeDirectory(scratch.path.appending("pooling"))
      return try ModelFiles(scratch.path)
    } catch { stop("\(error)") }
  }()
}

import Disk
import JSON
package import Primitives

/// The files of an exported model, in the layout of the Hugging Face hub and sentence-transformers.
package struct ModelFiles: Hashable, Sendable {
  package let directory: FilePath
  /// The ONNX file, and the precision that it is in.
  package let weights: FilePath
  package let precision: ModelPrecision
  package let tokenizer: FilePath

  /// Finds them. Without a precision the most exact one is taken, whatever the device: an index must not depend on it.
  ///
  /// Throws `.notFound` for what is missing, with its name.
  package init(_ directory: FilePath, precision: ModelPrecision? = nil) throws(Failure) {
    guard let status = try? FileStatus(of: directory), status.kind == .directory else {
      throw Failure(.notFound, "there is no model here: no such directory", path: directory)
    }
    self.directory = directory
    var found: (FilePath, ModelPrecision)?
    let wanted = precision.map { [$0] } ?? ModelPrecision.allCases
    search: for precision in wanted {
      for folder in ["onnx/", ""] {
        for name in precision.fileNames {
          let path = directory.appending("\(folder)\(name).onnx")
          if (try? FileStatus(of: path))?.kind == .file {
            found = (path, precision)
            break search
          }
        }
      }
    }
    guard let found else {
      let names = wanted.map { "onnx/\($0.fileNames[0]).onnx" }.joined(separator: " or ")
      throw Failure(
        .notFound,
        "the model has no \(names): export it with ONNX (Docs/MODELS.md says how), or choose another precision",
        path: directory)
    }
    (weights, self.precision) = found
    tokenizer = directory.appending("tokenizer.json")
    guard fileExists(tokenizer) else {
      throw Failure(
        .notFound, "the model has no tokenizer.json: copy it from where the model came from", path: directory)
    }
  }

  /// A JSON document of the model, or nil if there is none.
  func document(_ name: String) throws(Failure) -> JSONValue? {
    let path = directory.appending(name)
    guard fileExists(path) else { return nil }
    let bytes = try readFile(path, limit: 64 << 20).bytes
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      var failure = error
      failure.path = path
      throw failure
    }
  }
}

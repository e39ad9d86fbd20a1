import Disk
import Embedding
import ModelHub
package import Primitives
package import Settings

/// Which embedding model a user means.
package enum ModelChoice: Hashable, Sendable {
  case builtIn
  /// A model of the registry or of the store.
  case named(String)
  case directory(FilePath)
  /// A model behind `embedding_endpoint`, as the endpoint calls it.
  case endpoint(String)
  /// The embedder that the program which uses the library brings, by its name. No setting says so.
  case custom(String)

  private static let endpointPrefix = Setting.endpointPrefix

  /// Reads the setting `embedding_model`. A relative directory begins where the program runs; throws `notFound` where
  /// there is none.
  package init(_ text: String, _ environment: EnvironmentVariables) throws(Failure) {
    if text.isEmpty || text.lowercased() == "builtin" {
      self = .builtIn
    } else if text.hasPrefix(Self.endpointPrefix) {
      self = .endpoint(String(text.dropFirst(Self.endpointPrefix.count)))
    } else if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") || text == "." || text == ".." {
      self = .directory(try Self.absolute(FilePath(text)))
    } else if text.hasPrefix("~/"), let home = environment.home {
      self = .directory(home.appending(FilePath(String(text.dropFirst(2)))))
    } else {
      self = .named(ModelRegistry.model(named: text)?.name ?? text)
    }
  }

  private static func absolute(_ path: FilePath) throws(Failure) -> FilePath {
    do throws(Failure) { return try resolvedPath(path) } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(.notFound, "there is no model here: no such directory", path: path)
    }
  }

  /// As it can be said again: what `init` reads as this choice, but for `custom`.
  package var text: String {
    switch self {
    case .builtIn: "builtin"
    case .named(let name): name
    case .directory(let path): path.description
    case .endpoint(let name): Self.endpointPrefix + name
    case .custom(let name): ModelIdentity.customPrefix + name
    }
  }

  /// Whether an index whose model is called `name` was probably built with this one, as far as names say it.
  package func mayBe(modelNamed name: String) -> Bool {
    // `all-MiniLM-L6-v2/int8` is the same model in another precision.
    let first = String(name.prefix { $0 != "/" })
    return switch self {
    case .builtIn: ModelIdentity.isBuiltIn(name)
    case .named(let own): first == own
    case .directory(let path): first == path.lastComponent.description
    case .endpoint(let own): name.hasPrefix(own + "@")
    case .custom: name == text
    }
  }
}

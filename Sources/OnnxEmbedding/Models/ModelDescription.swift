package import Embedding
import JSON
package import Primitives

/// What a model's own files say of how it is to be used.
package struct ModelDescription: Hashable, Sendable {
  /// `BertModel`, `XLMRobertaForSequenceClassification`; empty if the files do not say.
  var architecture = ""
  /// Tokens of the longest text it reads, special tokens included.
  package var maximumLength = 512
  var pooling: [Pooling] = [.mean]
  /// Written before a query and before a document.
  var queryPrompt = ""
  var documentPrompt = ""
  package var size = ModelSize(byteCount: 0, hiddenSize: 768, intermediateSize: 3072, headCount: 12, longestText: 512)
  /// A layer behind pooling that is not in the ONNX file, which Cairn does not have.
  var unknownModule: String?

  init() {}

  /// Reads `config.json`, `modules.json` with the pooling that it names, `sentence_bert_config.json` and
  /// `config_sentence_transformers.json`. A file that is not there says nothing; one that is no JSON is an error.
  package init(_ files: ModelFiles) throws(Failure) {
    if let config = try files.document("config.json") { read(config: config) }
    if let sentences = try files.document("sentence_bert_config.json"),
      let length = sentences["max_seq_length"]?.integer, Self.plausible.contains(length)
    {
      maximumLength = length
    }
    if let settings = try files.document("config_sentence_transformers.json") { readPrompts(settings) }
    try readModules(files)
    size.longestText = maximumLength
  }

  /// What a size is taken from. Others say nothing: the memory of a batch is their product, which must not overflow.
  private static let plausible = 1...1 << 20

  /// - Parameter config: `config.json` of the transformers library, whose families name the same things differently.
  private mutating func read(config: JSONValue) {
    architecture = config["architectures"]?[0]?.string ?? ""
    func number(_ names: String...) -> Int? {
      for name in names { if let value = config[name]?.integer, Self.plausible.contains(value) { return value } }
      return nil
    }
    size.hiddenSize = number("hidden_size", "dim", "d_model", "n_embd") ?? size.hiddenSize
    size.intermediateSize = number("intermediate_size", "hidden_dim", "ffn_dim", "n_inner") ?? 4 * size.hiddenSize
    size.headCount = number("num_attention_heads", "n_heads", "n_head") ?? max(1, size.hiddenSize / 64)
    if let positions = number("max_position_embeddings", "n_positions", "max_trained_positions") {
      // RoBERTa's family counts positions from behind its padding.
      let family = config["model_type"]?.string ?? ""
      let unused = ["roberta", "xlm-roberta", "camembert", "mpnet"].contains(family) ? 2 : 0
      // A model that could read a book is not given one: attention costs the square of the length.
      maximumLength = max(1, min(positions - unused, 8192))
    }
  }

  private mutating func readPrompts(_ settings: JSONValue) {
    let prompts = settings["prompts"]
    let standard = settings["default_prompt_name"]?.string.flatMap { prompts?[$0]?.string } ?? ""
    func prompt(_ names: String...) -> String {
      for name in names { if let text = prompts?[name]?.string { return text } }
      return standard
    }
    queryPrompt = prompt("query", "s2p_query", "retrieval.query", "search_query")
    documentPrompt = prompt("document", "passage", "corpus", "retrieval.passage", "search_document")
  }

  private mutating func readModules(_ files: ModelFiles) throws(Failure) {
    guard let modules = try files.document("modules.json")?.array else { return }
    for module in modules {
      let type = module["type"]?.string?.split(separator: ".").last.map(String.init) ?? ""
      switch type {
      case "Transformer", "Normalize": break
      case "Pooling":
        let path = module["path"]?.string ?? "1_Pooling"
        if let settings = try files.document(path.isEmpty ? "config.json" : "\(path)/config.json") {
          pooling = try Self.pooling(settings)
        }
      default: unknownModule = type
      }
    }
  }

  /// The modes that are on. Files have a switch for each; newer ones name them.
  private static func pooling(_ settings: JSONValue) throws(Failure) -> [Pooling] {
    if settings["include_prompt"]?.boolean == false {
      throw Failure(.unsupportedModel, "its pooling leaves the prompt out (include_prompt), which Cairn cannot do")
    }
    let named = settings["pooling_mode"]
    if let names = named?.string.map({ [$0] }) ?? named?.array?.compactMap(\.string), !names.isEmpty {
      let modes = names.compactMap(Pooling.init(rawValue:))
      guard modes.count == names.count else {
        throw Failure(.unsupportedModel, "its pooling \(names.joined(separator: ", ")) is not known")
      }
      return modes
    }
    let switches: [(String, Pooling)] = [
      ("pooling_mode_cls_token", .cls), ("pooling_mode_max_tokens", .max), ("pooling_mode_mean_tokens", .mean),
      ("pooling_mode_mean_sqrt_len_tokens", .meanSquareRootLength),
      ("pooling_mode_weightedmean_tokens", .weightedMean), ("pooling_mode_lasttoken", .lastToken),
    ]
    let modes = switches.filter { settings[$0.0]?.boolean == true }.map(\.1)
    guard !modes.isEmpty else { throw Failure(.unsupportedModel, "its pooling file turns no mode on") }
    return modes
  }
}

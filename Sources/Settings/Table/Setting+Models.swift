import Primitives

// The settings of the topics models, endpoints and answers.

extension Setting {
  package static let embeddingModel = Setting(
    "embedding_model", .text, default: .text("builtin"), .models, flag: "model", placeholder: "MODEL",
    "The embedding model: builtin, a name that the list of models shows, a directory, or endpoint:NAME.")
  package static let embeddingDimensions = Setting(
    "embedding_dimensions", .integer(0...65_536), default: .integer(0), .models,
    "Dimensions that are kept of each embedding, for models that can be cut; 0 is all.")
  package static let device = Setting(
    "device", .choice(["auto", "cpu", "cuda", "rocm", "coreml", "openvino"]), default: .text("auto"), .models,
    "Where a model runs; auto tries the best device first and falls back to the next.")
  package static let precision = Setting(
    "precision", .choice(["auto", "fp32", "fp16", "int8"]), default: .text("auto"), .models,
    "The numbers a model computes with; auto is what suits the device.")
  package static let batchSize = Setting(
    "batch_size", .integer(0...65_536), default: .integer(0), .models,
    "Texts embedded at once; 0 follows the device, the model, the lengths of the texts and the free memory.")
  package static let modelDirectory = Setting(
    "model_dir", .path, default: .path(""), .models, isPersonal: true,
    "Where models are kept; empty is ~/.local/share/cairn/models, or cairn/models in XDG_DATA_HOME.")
  package static let hub = Setting(
    "hub", .text, default: .text("https://huggingface.co"), .models, placeholder: "URL", isPersonal: true,
    "Where models are fetched from: the hub or a mirror of it.")
  package static let localFirst = Setting(
    "local_first", .boolean, default: .boolean(false), .models,
    "Whether the built-in model answers while the vectors of a slower model are being made.")
  package static let rerankModel = Setting(
    "rerank_model", .text, default: .text(""), .models, placeholder: "MODEL",
    "A cross-encoder that reads the best results again and orders them; empty is none.")
  package static let rerankCount = Setting(
    "rerank_count", .integer(1...1000), default: .integer(20), .models,
    "How many of the best results are ordered by `rerank_model`.")

  static let models = [
    embeddingModel, embeddingDimensions, device, precision, batchSize, modelDirectory, hub, localFirst, rerankModel,
    rerankCount,
  ]

  package static let embeddingEndpoint = Setting(
    "embedding_endpoint", .text, default: .text(""), .endpoints, placeholder: "URL", isPersonal: true,
    "The base URL of an OpenAI-compatible server (http://localhost:11434/v1); the text of every chunk is sent to it.")
  package static let embeddingKeyVariable = Setting(
    "embedding_key_variable", .text, default: .text(""), .endpoints, placeholder: "NAME", isPersonal: true,
    "The environment variable that holds the key of `embedding_endpoint`; empty sends no key.")
  package static let requestsPerMinute = Setting(
    "requests_per_minute", .integer(0...1_000_000), default: .integer(0), .endpoints, isPersonal: true,
    "The most requests sent to an endpoint in a minute; 0 is no limit but the server's own.")
  package static let requestTimeoutSeconds = Setting(
    "request_timeout_s", .integer(1...86_400), default: .integer(60), .endpoints, flag: "request-timeout",
    isPersonal: true,
    "A request to an endpoint that takes longer, in seconds, is given up and tried again.")
  package static let llmEndpoint = Setting(
    "llm_endpoint", .text, default: .text(""), .endpoints, placeholder: "URL", isPersonal: true,
    "The base URL of an OpenAI-compatible chat server that answers questions; empty gives what would be sent.")
  package static let llmKeyVariable = Setting(
    "llm_key_variable", .text, default: .text(""), .endpoints, placeholder: "NAME", isPersonal: true,
    "The environment variable that holds the key of `llm_endpoint`; empty sends no key.")
  package static let codeLLMModel = Setting(
    "code_llm_model", .text, default: .text(""), .endpoints, placeholder: "NAME", isPersonal: true,
    "The chat model that answers questions about code; empty is `general_llm_model`.")
  package static let generalLLMModel = Setting(
    "general_llm_model", .text, default: .text(""), .endpoints, placeholder: "NAME", isPersonal: true,
    "The chat model that answers other questions; empty is `code_llm_model`.")

  static let endpoints = [
    embeddingEndpoint, embeddingKeyVariable, requestsPerMinute, requestTimeoutSeconds, llmEndpoint, llmKeyVariable,
    codeLLMModel, generalLLMModel,
  ]

  package static let store = Setting(
    "store", .text, default: .text(""), .sharing, placeholder: "URL", isPersonal: true,
    "The shared store that answers searches (postgres://user@host/database, or qdrant); empty is the local index.")
  package static let collection = Setting(
    "collection", .text, default: .text(""), .sharing, placeholder: "NAME", isPersonal: true,
    "The collection of `store`; empty is the name of the root's directory.")

  package static let qdrantURL = Setting(
    "qdrant_url", .text, default: .text("http://localhost:6333"), .sharing, placeholder: "URL", isPersonal: true,
    "The address of the Qdrant server, where `store` is qdrant.")
  package static let qdrantKeyVariable = Setting(
    "qdrant_key_variable", .text, default: .text("QDRANT_API_KEY"), .sharing, placeholder: "NAME", isPersonal: true,
    "The environment variable that holds the key of the Qdrant server; the usual one may be unset.")
  package static let qdrantTemplate = Setting(
    "qdrant_template", .choice(["small", "medium", "large"]), default: .text("medium"), .sharing, isPersonal: true,
    "How a new collection in Qdrant is laid out: up to 100,000 chunks, up to some millions, or more.")
  package static let qdrantQuantisation = Setting(
    "qdrant_quantisation", .choice(["auto", "turbo", "int8", "binary", "none"]), default: .text("auto"), .sharing,
    isPersonal: true, "What stands for vectors in the memory of Qdrant: 4 bits where the server has them, else 8.")

  static let sharing = [store, collection, qdrantURL, qdrantKeyVariable, qdrantTemplate, qdrantQuantisation]

  package static let limit = Setting(
    "limit", .integer(1...10_000), default: .integer(10), .answers, short: "n",
    "The most results shown, or files where only those are, 10000 at most; a longer list begins with the shorter one.")
  package static let contextLineCount = Setting(
    "context", .integerOrAll(0...10_000), default: .integer(3), .answers, short: "C",
    "Lines shown around the lines that answer best; \"all\" shows the whole chunk.")
  package static let color = Setting(
    "color", .choice(["auto", "always", "never"]), default: .text("auto"), .answers,
    "Colour in what people read; auto is colour on a terminal, unless NO_COLOR is set.")

  package static let keepsSavings = Setting(
    "savings", .boolean, default: .boolean(true), .answers, isPersonal: true,
    "Whether the tokens of answers to agents are added up in a file of the user's: numbers alone, nothing of a query.")

  static let answers = [limit, contextLineCount, color, keepsSavings]
}

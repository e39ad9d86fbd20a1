import CPCRE2

/// A pattern compiled by PCRE2, to machine code where that can be had. Shared by threads; each matches with a
/// `PCREMatcher` of its own.
@safe final class PCREProgram: @unchecked Sendable {
  // Never changed once it is compiled: PCRE2 allows any number of threads to match with it.
  let code: OpaquePointer
  let hasJIT: Bool
  let groupCount: Int
  /// The groups that have a name.
  let names: [String: Int]
  /// Whether texts are UTF-8, or bytes.
  let isUTF8: Bool

  /// Why PCRE2 refuses a pattern.
  struct Refusal: Error {
    var message: String
    var offset: Int
    /// Whether it is only too large for this engine.
    var isOfSize: Bool
  }

  struct Options {
    var isUTF8 = true
    var crlf = false
    var foldsCase = false
    var dotMatchesAll = false
    /// Whether the pattern is one of Perl's, as somebody wrote it.
    var isPerl = false
  }

  init(_ pattern: [UInt8], _ options: Options) throws(Refusal) {
    isUTF8 = options.isUTF8
    guard let context = unsafe pcre2_compile_context_create_8(nil) else {
      throw Refusal(message: "no memory", offset: 0, isOfSize: false)
    }
    defer { unsafe pcre2_compile_context_free_8(context) }
    unsafe pcre2_set_newline_8(context, UInt32(options.crlf ? PCRE2_NEWLINE_ANYCRLF : PCRE2_NEWLINE_LF))
    unsafe pcre2_set_parens_nest_limit_8(context, 1_000)
    // What a hostile pattern is refused for before it takes memory.
    unsafe pcre2_set_max_pattern_length_8(context, 1 << 20)
    var flags = UInt32(PCRE2_MULTILINE) | UInt32(PCRE2_USE_OFFSET_LIMIT)
    if !options.isPerl { flags |= UInt32(PCRE2_ALT_CIRCUMFLEX) }
    if options.isUTF8 { flags |= UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | UInt32(PCRE2_MATCH_INVALID_UTF) }
    if options.foldsCase { flags |= UInt32(PCRE2_CASELESS) }
    if options.dotMatchesAll { flags |= UInt32(PCRE2_DOTALL) }
    if options.isPerl { flags |= UInt32(PCRE2_NEVER_BACKSLASH_C) }
    var error: Int32 = 0
    var offset = 0
    guard
      let code = unsafe pattern.withUnsafeBufferPointer({ bytes in
        unsafe pcre2_compile_8(bytes.baseAddress ?? emptyBytes, bytes.count, flags, &error, &offset, context)
      })
    else {
      throw Refusal(
        message: Self.text(of: error), offset: offset,
        // ERR120 "regular expression is too large", ERR105 "number too big in {} quantifier", ERR186 "too complicated".
        isOfSize: [120, 105, 186, 135, 188, 152].contains(error))
    }
    unsafe self.code = unsafe code
    hasJIT = unsafe pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE)) == 0
    var count: UInt32 = 0
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
    groupCount = Int(count)
    names = unsafe Self.names(of: code)
  }

  deinit { unsafe pcre2_code_free_8(code) }

  private static func text(of error: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = unsafe buffer.withUnsafeMutableBufferPointer {
      unsafe pcre2_get_error_message_8(error, $0.baseAddress, $0.count)
    }
    return count > 0 ? String(decoding: buffer[..<Int(count)], as: UTF8.self) : "error \(error)"
  }

  private static func names(of code: OpaquePointer) -> [String: Int] {
    var (count, size): (UInt32, UInt32) = (0, 0)
    var table: UnsafePointer<UInt8>?
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    var names: [String: Int] = [:]
    guard let table = unsafe table else { return names }
    for entry in 0..<Int(count) {
      let at = unsafe table + entry * Int(size)
      let number = unsafe Int(at[0]) << 8 | Int(at[1])
      unsafe names[String(cString: at + 2)] = number
    }
    return names
  }
}

/// What stands for no bytes, where a pointer must not be null.
nonisolated(unsafe) let emptyBytes: UnsafePointer<UInt8> = {
  let one = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
  unsafe one.initialize(to: 0)
  return unsafe UnsafePointer(one)
}()

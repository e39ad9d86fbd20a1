import Primitives
import TestSupport
import Testing

@Suite struct HelpTests {
  let cairn: CairnProgram
  init() throws { cairn = try CairnProgram() }

  @Test func `all settings have one place, and each has its own`() throws {
    let all = try cairn.run("help", "settings").outputText
    #expect(all.contains("--max-memory-mb") && all.contains("--color") && all.contains("(commit_interval_s) "))
    let some = try cairn.run("help", "settings", "endpoints").outputText
    #expect(some.contains("--llm-endpoint") && !some.contains("--max-memory-mb"))
    let one = try cairn.run("help", "max_memory_mb")
    #expect(one.code == 0 && one.outputText.contains("CAIRN_MAX_MEMORY_MB"))
    for name in ["--max-memory-mb", "max-memory-mb", "CAIRN_MAX_MEMORY_MB"] {
      #expect(try cairn.run("help", "--", name).output == one.output, "\(name)")
    }
  }

  @Test func `a topic that is not there is answered with one that is`() throws {
    for (word, near) in [("serach", "search"), ("setings", "settings"), ("max_memory", "max_memory_mb")] {
      let result = try cairn.run("help", word)
      #expect(result.code == 2 && result.errorText.contains("did you mean \"\(near)\"?"), "\(result.errorText)")
    }
    #expect(try cairn.run("help", "fsck").errorText.contains("`cairn doctor`"))
    #expect(try cairn.run("help", "xylophones").errorText.contains("`cairn help settings`"))
    #expect(try cairn.run("help", "config", "gte").errorText.contains("did you mean \"get\"?"))
    #expect(try cairn.run("help", "config", "get").output == cairn.run("help", "config").output)
  }

  @Test func `there are completions for three shells and no other`() throws {
    for shell in ["bash", "zsh", "fish"] { #expect(try cairn.run("completions", shell).outputText.contains("search")) }
    #expect(try cairn.run("completions", "fsh").errorText.contains("did you mean \"fish\"?"))
    #expect(try cairn.run("completions", "powershell").errorText.contains("bash, zsh, fish"))
  }
}

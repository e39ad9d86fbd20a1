import Disk
import IndexStorage
import Indexing
import Primitives
import Settings

extension InputTarget {
  /// `options`, which is kept beside an index.
  static let keptOptions = InputTarget("kept-options", byteLimit: 4096) { input in
    let directory = IndexFiles.directory
    IndexFiles.scratch.write("options", input)
    guard let options = try? directory.options() else { return }
    var values = SettingValues()
    values.recall(options)
    _ = values.linesToRemember
    do throws(Failure) {
      try directory.keep(options: options)
      expect(try directory.options() == options, "options that were kept are others")
    } catch { expect(false, "options that were read cannot be kept: \(error)") }
  }

  /// `underway`, which a run that did not come to its end leaves behind.
  static let underWay = InputTarget("underway", byteLimit: 20 << 10) { input in
    IndexFiles.scratch.write("underway", input)
    let left = UnderWay(in: IndexFiles.directory, forgets: false)
    expect(left.suspects.count + left.released.count <= 288, "more files than there is room for")
    left.start()
    left.finish()
    let next = UnderWay(in: IndexFiles.directory, forgets: false)
    expect(next.suspects.isEmpty, "a run that came to its end leaves suspects behind")
    expect(next.released.isEmpty, "a run keeps what another program left out")
  }
}

private enum IndexFiles {
  static let scratch = ScratchDirectory("index")
  static let directory: IndexDirectory = {
    do throws(Failure) {
      return IndexDirectory(try OpenDirectory(scratch.path), path: scratch.path, readsWholeUpTo: 0)
    } catch { stop("\(error)") }
  }()
}

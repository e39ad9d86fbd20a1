import Glibc
import Primitives
import TestSupport
import Testing

@Suite(.enabled(if: PostgresServer.isInstalled, "Scripts/setup --checks installs PostgreSQL"))
struct WorkerTests {
  @Test func `Workers that die and workers that are stopped leave what a local index holds`() throws {
    let world = try StoreWorld(fileCount: 150)
    #expect(try world.run("cluster", "enqueue").code == 0)
    #expect(try world.value("SELECT count(*) >= 9, sum(cardinality(paths)) FROM cairn.task") == "t|150")
    let workers = try (0..<3).map { _ throws(Failure) in try world.worker("--in-flight", "2") }
    try world.wait { () throws(Failure) in
      Int(try world.value("SELECT count(*) FROM cairn.task WHERE state = 2")) ?? 0 >= 2
    }
    workers[0].send(SIGKILL)
    workers[1].send(SIGKILL)
    workers[2].send(SIGTERM)
    #expect(workers[2].wait().code == 0)
    // The two that were killed still hold what they had; the one that was stopped holds nothing.
    try world.endLeases()
    let last = try world.worker("--once").wait(limit: .seconds(300))
    #expect(last.code == 0, "\(last.errorText)")
    #expect(try world.value("SELECT bool_and(state = 2), sum(cardinality(paths)) FROM cairn.task") == "t|150")
    // Nothing was written twice: no file has taken the place of another.
    #expect(try world.value("SELECT count(*) FROM cairn.dead_1") == "0")
    #expect(try world.cairn.run("index").code == 0)
    let verified = try world.run("cluster", "verify")
    #expect(verified.code == 0, "\(verified.outputText)")
  }

  @Test func `Workers wait while the database is restarted, and go on`() throws {
    let server = try PostgresServer()
    let world = try StoreWorld(fileCount: 80, server: server)
    #expect(try world.run("cluster", "enqueue").code == 0)
    let worker = try world.worker("--once", "--in-flight", "1")
    try world.wait { () throws(Failure) in try world.value("SELECT count(*) FROM cairn.task WHERE state = 2") != "0" }
    server.stop(SIGQUIT)
    try world.wait { () throws(Failure) in worker.outputSoFar.contains("\"waits\"") || !worker.isRunning }
    try server.start()
    let result = worker.wait(limit: .seconds(300))
    #expect(result.code == 0, "\(result.errorText)")
    #expect(try world.cairn.run("index").code == 0)
    #expect(try world.run("cluster", "verify").code == 0)
  }

  @Test func `A file that cannot be done ends in the dead letters with its reason, and the rest is done`() throws {
    let world = try StoreWorld(fileCount: 20)
    #expect(try world.run("cluster", "enqueue").code == 0)
    // It was a file when it was enqueued.
    try world.cairn.tree.remove(StoreWorld.path(5))
    #expect(try world.cairn.shell("mkfifo src/part5/module_5.py").code == 0)
    let worker = try world.worker("--once")
    // Its later attempts are not waited for.
    try world.wait { () throws(Failure) in
      _ = try world.value("UPDATE cairn.task SET ready_at = now() WHERE state = 0")
      return !worker.isRunning
    }
    #expect(worker.wait().code == 0)
    let status = try world.run("cluster", "status", "--json")
    #expect(status.code == 2)
    #expect(status.outputText.contains("\"given_up\":1,"), "\(status.outputText)")
    #expect(status.outputText.contains("\"paths\":[\"src/part5/module_5.py\"]"), "\(status.outputText)")
    #expect(try world.value("SELECT file_count FROM cairn.collection") == "19")
    // Mended, it is done like any other.
    #expect(try world.cairn.shell("rm src/part5/module_5.py && echo 'x = 5' > src/part5/module_5.py").code == 0)
    #expect(try world.run("cluster", "retry").code == 0)
    #expect(try world.worker("--once").wait(limit: .seconds(300)).code == 0)
    #expect(try world.run("cluster", "status").code == 0)
    #expect(try world.value("SELECT file_count FROM cairn.collection") == "20")
    let none = try world.worker("--once", "--collection", "nowhere").wait(limit: .seconds(300))
    #expect(none.code == 2 && none.errorText.contains("no collection nowhere"), "\(none.errorText)")
  }

  @Test func `A repository is enqueued by its address, and workers that may clone it do its newest commit`() throws {
    let world = try StoreWorld(fileCount: 12)
    let made = try world.cairn.shell(
      """
      git init -q origin && mv src origin && cd origin && git add . &&
      git -c user.name=a -c user.email=a@b commit -q -m one && git rev-parse HEAD
      """)
    #expect(made.code == 0, "\(made.errorText)")
    let commit = made.outputLines.last ?? ""
    let address = "file://\(world.cairn.tree.root)/origin"
    let enqueued = try world.run("cluster", "enqueue", "--json", address)
    #expect(enqueued.code == 0 && enqueued.outputText.contains(commit), "\(enqueued.errorText)")
    // The repository has gone on meanwhile.
    let more = try world.cairn.shell(
      "cd origin && rm -r src && git -c user.name=a -c user.email=a@b commit -q -a -m two")
    #expect(more.code == 0, "\(more.errorText)")
    #expect(try world.worker("--once").wait(limit: .seconds(300)).code == 0)
    #expect(try world.value("SELECT count(*) FROM cairn.task WHERE state = 2") == "0")
    let status = try world.run("status", "--json")
    #expect(status.code == 0 && status.outputText.contains("\"complete\":false"), "\(status.outputText)")
    let worker = try world.worker("--once", "--clone").wait(limit: .seconds(300))
    #expect(worker.code == 0, "\(worker.errorText)")
    #expect(try world.value("SELECT file_count FROM cairn.collection") == "12", "\(worker.outputText)")
    #expect(try world.value("SELECT DISTINCT revision FROM cairn.task") == commit)
    let watched = try world.run("cluster", "status", "--watch", "--json")
    #expect(watched.code == 0 && watched.outputLines.count == 1, "\(watched.outputText)")
    let shown = try world.run("status")
    #expect(shown.outputText.contains("complete: searches are answered from it"), "\(shown.outputText)")
    let refused = try world.run("cluster", "enqueue", "ext::sh")
    #expect(refused.code == 2 && refused.errorText.contains("no address of a repository"), "\(refused.errorText)")
  }

  @Test func `A commit is indexed from the objects of its repository`() throws {
    let world = try StoreWorld(fileCount: 12)
    let made = try world.cairn.shell(
      "git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -q -m one && rm -r src && git status -s | wc -l"
    )
    #expect(made.code == 0, "\(made.errorText)")
    #expect(try world.run("cluster", "enqueue", "--at", "HEAD").code == 0)
    #expect(try world.worker("--once").wait(limit: .seconds(300)).code == 0)
    #expect(try world.value("SELECT file_count FROM cairn.collection") == "12")
    #expect(try world.run("search", "parse", "--json").code == 0)
  }
}

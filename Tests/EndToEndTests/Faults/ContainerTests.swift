import Foundation
import Testing
import XMDBTestSupport

/// Processes in PID namespaces of their own, as in containers: each is process 1, on a host of the same name.
@Suite struct ContainerTests {
  /// What starts a command so; nil where that is not allowed.
  private static let unshare: [String]? = {
    let prefix = ["/usr/bin/unshare", "--pid", "--fork", "--mount-proc"]
    guard let folder = try? Workdir() else { return nil }
    let probe = try? RunningProgram(prefix + ["/bin/true"], in: folder).wait()
    return probe?.status == 0 ? prefix : nil
  }()

  private func start(_ arguments: [String], in folder: Workdir, environment: [String: String] = [:]) throws
    -> RunningProgram
  {
    try RunningProgram((Self.unshare ?? []) + [RunningProgram.path] + arguments, in: folder, environment: environment)
  }

  @Test(.enabled(if: unshare != nil, "needs the right to make a PID namespace"))
  func aWriterInAnotherContainerKeepsItsOwnerFile() throws {
    let folder = try Hyades.database()
    let library = URL(fileURLWithPath: RunningProgram.path).deletingLastPathComponent()
      .appendingPathComponent("libnolocks.so").path
    let environment = ["LD_PRELOAD": library, "NO_LOCKS_ERRNO": "37", "XMDB_LOCKS": "file"]
    let owner = folder.path("sky.xmdb/writer.owner")
    try folder.write(
      Data((try Self.ownerText(of: 1, namespace: "pid:[1]")).utf8), to: "sky.xmdb/writer.owner")
    for command in [["info"], ["match", "gaia", "hip"], Hyades.ingestGaia + ["--replace"]] {
      let result = try start(command, in: folder, environment: environment).wait()
      #expect(result.status == 1 && result.error.contains("is being written by process 1"), "\(result)")
      #expect(FileManager.default.fileExists(atPath: owner))
    }
  }

  /// As a process of a container on this host would have written it.
  private static func ownerText(of pid: Int, namespace: String) throws -> String {
    let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    let machine = (try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8)) ?? ""
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return
      "host \(host)\nprocess \(pid)\nsince 2026-01-02T03:04:05Z\ncommand xmdb match a b\nboot \(boot)started 12345\n"
      + "machine \(machine.trimmingCharacters(in: .newlines))\nnamespace \(namespace)\n"
  }

  @Test(.timeLimit(.minutes(5)), .enabled(if: unshare != nil, "needs the right to make a PID namespace"))
  func containersMayShareAScratchFolder() throws {
    let folders = try (0..<2).map { _ in try Hyades.database() }
    let scratch = try Workdir("scratch")
    try scratch.write(Data("mine".utf8), to: "xmdb-1-0.sqlite")
    for round in 0..<3 {
      let programs = try folders.map {
        try start(["match", "gaia", "hip", "--redo", "--threads", "2", "--scratch", scratch.path], in: $0)
      }
      for program in programs {
        let result = try program.wait()
        #expect(result.status == 0, "round \(round): \(result)")
      }
      for folder in folders {
        let verify = try folder.xmdb("verify")
        #expect(verify.status == 0, "round \(round): \(verify)")
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["xmdb-1-0.sqlite"])
  }
}

import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@testable import SocketProcesses

/// How processes find a run: what is written, what is believed, and what two processes say first.
@Suite struct CrewFileTests {
  private let file = CrewFile(host: "10.1.2.3", port: 4567)

  @Test func wordsAreLongAndNeverTheSame() {
    let words = (0..<100).flatMap { _ -> [String] in
      let file = CrewFile(host: "::1", port: 1)
      return [file.asking, file.answering]
    }
    #expect(Set(words).count == 200)
    #expect(words.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy(\.isHexDigit) })
  }

  @Test func whatIsWrittenIsReadByItsUserAlone() throws {
    let folder = try Workdir()
    try file.write(in: folder.path)
    let path = folder.path("crew")
    #expect(try CrewFile(reading: path) == file)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    // A new attempt replaces it.
    let other = CrewFile(host: "::1", port: 9)
    try other.write(in: folder.path)
    #expect(try CrewFile(reading: path) == other)
  }

  @Test func whatOthersCanHaveWrittenIsNotBelieved() throws {
    let folder = try Workdir()
    try file.write(in: folder.path)
    let path = folder.path("crew")
    for mode in [0o644, 0o640, 0o660, 0o602] {
      chmod(path, mode_t(mode))
      #expect(throws: StoreError.self) { try CrewFile(reading: path) }
    }
    chmod(path, 0o600)
    symlink(path, folder.path("link"))
    mkfifo(folder.path("pipe"), 0o600)
    for name in ["link", "pipe", ".", "none"] {
      #expect(throws: StoreError.self) { try CrewFile(reading: folder.path(name)) }
    }
  }

  @Test func anyOtherTextIsRefused() {
    #expect(CrewFile(text: file.text) == file)
    var texts = [
      "", "\n\n\n\n\n", "xmdb crew 1\n", file.text + "x", file.text + "\n",
      file.text.replacingOccurrences(of: "4567", with: "0"),
    ]
    texts += ["65536", "-1", "x", ""].map { file.text.replacingOccurrences(of: "4567", with: $0) }
    texts.append(file.text.replacingOccurrences(of: "crew 1", with: "crew 2"))
    texts.append(file.text.replacingOccurrences(of: file.asking, with: ""))
    texts.append(file.text.replacingOccurrences(of: "10.1.2.3", with: ""))
    for text in texts { #expect(CrewFile(text: text) == nil, "\(text)") }
  }

  @Test func nobodyIsLetInWithoutTheWord() {
    #expect(Greeting.judge(Greeting.question(file), file) == .welcome)
    #expect(Greeting.judge("xmdb join \(file.asking) 9.9", file) == .otherVersion)
    let wrong = String(file.asking.dropLast()) + (file.asking.hasSuffix("0") ? "1" : "0")
    for line in [
      "", "xmdb join", "xmdb join \(wrong) \(Program.version)", "xmdb join \(file.answering) \(Program.version)",
      "xmdb join  \(Program.version)", "xmdb  join \(file.asking) \(Program.version)", "GET / HTTP/1.1",
      Greeting.question(file) + " ", String(repeating: "\0", count: 400),
    ] {
      #expect(Greeting.judge(line, file) == nil, "\(line)")
    }
  }

  @Test func nobodyIsObeyedWithoutTheAnswer() {
    #expect(Greeting.understand(Greeting.welcome(7, file), file) == .welcome(rank: 7))
    #expect(Greeting.understand(Greeting.refusal(file), file) == .otherVersion(Program.version))
    for line in [
      "", "xmdb welcome \(file.asking) 7", "xmdb welcome \(file.answering) 0", "xmdb welcome \(file.answering) -1",
      "xmdb welcome \(file.answering) 99999999999999999999", "xmdb other \(file.answering) 1", "SSH-2.0-OpenSSH_9.2",
    ] {
      #expect(Greeting.understand(line, file) == nil, "\(line)")
    }
  }

  @Test func placesAreAHostAndMaybeAPort() throws {
    for (text, host, port) in [
      ("node1", "node1", 0), ("node1:80", "node1", 80), ("10.0.0.1:65535", "10.0.0.1", 65535), ("::1", "::1", 0),
      ("[::1]", "::1", 0), ("[fe80::1]:5", "fe80::1", 5),
    ] {
      let place = try ListeningPlace(text)
      #expect(place.host == host && Int(place.port) == port, "\(text)")
    }
    for text in ["", ":", ":80", "node1:", "node1:x", "node1:65536", "node1:-1", "[::1", "[::1]80", "[]", "[]:1"] {
      #expect(throws: StoreError.self, "\(text)") { try ListeningPlace(text) }
    }
  }
}

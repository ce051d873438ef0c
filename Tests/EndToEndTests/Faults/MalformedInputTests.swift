import Foundation
import Testing
import XMDBTestSupport

@Suite struct MalformedInputTests {
  /// What is wrong with the input, how the program ends, and what it says.
  static let inputs: [(name: String, status: Int32, message: String)] = [
    ("empty.parquet", 3, "empty.parquet: "), ("text.parquet", 3, "text.parquet: "),
    ("truncated.parquet", 3, "truncated.parquet: "), ("scrambled.parquet", 3, "scrambled.parquet: "),
    ("absent.parquet", 2, "absent.parquet: "), ("folder", 3, "folder: "),
  ]

  private func prepare() throws -> Workdir {
    let folder = try Hyades.database()
    let sound = try Data(contentsOf: URL(fileURLWithPath: Hyades.gaiaFile))
    try folder.write(Data(), to: "empty.parquet")
    try folder.write(Data("source_id,ra,dec\n1,2,3\n".utf8), to: "text.parquet")
    try folder.write(sound.prefix(sound.count / 2), to: "truncated.parquet")
    var scrambled = sound
    for index in stride(from: 5_000, to: sound.count - 20_000, by: 7) { scrambled[index] ^= 0x55 }
    try folder.write(scrambled, to: "scrambled.parquet")
    try folder.write(Data("no parquet here\n".utf8), to: "folder/readme.txt")
    return folder
  }

  @Test func anInputThatCannotBeReadIsOneClearErrorAndChangesNothing() throws {
    let folder = try prepare()
    let before = FolderContents(folder.path("sky.xmdb/catalogues"))
    let facts = try folder.xmdb("info", "--json").output
    for input in Self.inputs {
      let result = try folder.xmdb("ingest", input.name, "--as", "new", "--map", "sigma=0.1:arcsec")
      #expect(result.status == input.status, "\(input.name): \(result)")
      let errors = result.error.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
      #expect(errors.count == 1 && errors[0].contains(input.message), "\(input.name): \(result)")
      #expect(result.output.isEmpty)
    }
    #expect(FolderContents(folder.path("sky.xmdb/catalogues")).differences(from: before) == [])
    #expect(try folder.xmdb("info", "--json").output == facts)
    #expect(try folder.xmdb("verify").status == 0)
  }

  @Test func aMappingThatFitsNothingIsWrongUse() throws {
    let folder = try Workdir()
    for (mapping, message) in [
      ("sigma=nope", "nope"), ("frob=ra", "frob"), ("sigma", "sigma"), ("sigma=ra:parsec", "parsec"),
    ] {
      let result = try folder.xmdb("ingest", Hyades.gaiaFile, "--map", mapping)
      #expect(result.status == 2 && result.error.contains(message), "\(mapping): \(result)")
    }
    for name in ["gaia/dr3", ".gaia", "xmatch", "gaia.", ""] {
      let result = try folder.xmdb("ingest", Hyades.gaiaFile, "--map", "sigma=0.1:arcsec", "--as", name)
      #expect(result.status == 2 && result.error.contains("'\(name)'"), "\(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("sky.xmdb")))
  }

  @Test func otherFilesUnderAnExistingNameAreRefusedWithoutReplace() throws {
    let folder = try Hyades.database()
    let other = ["ingest", Hyades.gaiaFile, "--as", "gaia", "--epoch", "2016.0", "--map", "sigma=0.03:mas"]
    let refused = try folder.start(other).wait()
    #expect(refused.status == 2 && refused.error.contains("--replace"), "\(refused)")
    let replaced = try folder.start(other + ["--replace"]).wait()
    #expect(replaced.status == 0, "\(replaced)")
    let info = try #require(try folder.xmdb("info", "gaia", "--json").json() as? [String: Any])
    #expect(info["generation"] as? Int == 2)
    #expect(try folder.xmdb("verify").status == 0)
  }
}

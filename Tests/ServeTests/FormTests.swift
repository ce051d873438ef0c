import Testing
import XMDBTestSupport

@testable import Serve

@Suite struct FormTests {
  private func form(_ text: String) throws -> Parameters {
    var parameters = Parameters()
    try parameters.add(form: text.utf8)
    return parameters
  }

  @Test func namesHaveNoCaseAndValuesAreDecoded() throws {
    let parameters = try form("lang=ADQL&Query=SELECT+1%2B%27%C3%BC%27&x&y=&&QUERY=b=c")
    #expect(parameters["LANG"] == "ADQL" && parameters.all("QUERY") == ["SELECT 1+'ü'", "b=c"])
    #expect(parameters["X"] == nil && parameters["Y"] == nil)
    for wrong in ["a=%zz", "a=%4", "a=%ff", "a=%00"] { #expect(throws: RequestError.self) { try form(wrong) } }
    #expect(throws: RequestError.self) { try form(String(repeating: "a=1&", count: 2000)) }
  }

  @Test func partsOfFormsAreParametersOrFiles() throws {
    let body = [
      "--B", "Content-Disposition: form-data; name=\"QUERY\"", "", "SELECT 1\r\n--x", "--B",
      "content-disposition: form-data; name=t; filename=\"t.xml\"", "Content-Type: text/xml", "", "<a>", "--B--", "",
    ].joined(separator: "\r\n")
    var parameters = Parameters()
    try #require(MultipartForm(type: "multipart/form-data; boundary=B", body: Array(body.utf8))).add(to: &parameters)
    #expect(parameters["QUERY"] == "SELECT 1\r\n--x" && parameters.files["t"] == Array("<a>".utf8))
    #expect(MultipartForm(type: "text/plain", body: []) == nil)
    #expect(MultipartForm(type: "multipart/form-data", body: []) == nil)
  }

  @Test func changedFormsAreReadOrRefused() throws {
    let body = Array("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B--\r\n".utf8)
    var rng = SplitMix64(seed: 4)
    for _ in 0..<5000 {
      var changed = body
      for _ in 0..<Int.random(in: 1...4, using: &rng) {
        changed[Int.random(in: 0..<changed.count, using: &rng)] = UInt8.random(in: 0...255, using: &rng)
      }
      changed = Array(changed.prefix(Int.random(in: 0...changed.count, using: &rng)))
      var parameters = Parameters()
      let form = try #require(MultipartForm(type: "multipart/form-data; boundary=\"B\"", body: changed))
      do { try form.add(to: &parameters) } catch { #expect(error is RequestError) }
    }
  }
}

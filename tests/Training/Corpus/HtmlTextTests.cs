using System.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What is read of a web page.</summary>
public sealed class HtmlTextTests
{
    static (string? Text, string? Skipped) Read(byte[] page)
    {
        var skipped = new List<SkippedDocument>();
        var read = new HtmlText(new()).Read(new MemoryStream(page), "a.html", skipped.Add).ToList();
        return (read.SingleOrDefault()?.Text, skipped.SingleOrDefault()?.Reason);
    }

    static string? Text(string page) => Read(Encoding.UTF8.GetBytes(page)).Text;

    [Fact]
    public void TheMainTextIsRead() => Assert.Equal(
        "Title\n\nFirst paragraph\nwith a break & a link.\n\none\ntwo\n\na b\nc d\n\n  code {\n  }\n\nEnd.", Text("""
        <!doctype html><html><head><title>T</title><style>p { color: red }</style><script>var x = "<p>no</p>";</script></head>
        <body><header><a href=/>Site</a></header><nav><ul><li>Home</ul></nav>
        <main><h1>Title</h1><p>First   paragraph<br>with a <b>break</b> &amp; a
        <a href=x>link</a>.<script>no()</script><ul><li>one<li>two</ul><table><tr><td>a<td>b<tr><td>c<td>d</table><pre>  code {
          }</pre><p hidden>no</p><form>Name <input></form>End.</main><aside>Related</aside><footer>(c)</footer></body></html>
        """.Replace("\n          }", "\n  }", StringComparison.Ordinal)));

    [Fact]
    public void APageWithoutMainIsReadWhole() => Assert.Equal("One\n\nTwo",
        Text("<div>One</div><p>Two</p><div role=navigation>Home</div>"));

    [Theory, InlineData("gbk"), InlineData("big5")]
    public void OldEncodingsAreReadAsDeclared(string charset)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var page = Encoding.GetEncoding(charset).GetBytes($"<meta charset={charset}><p>中文的一句。</p>");
        Assert.Equal(("中文的一句。", null), Read(page));
    }

    [Fact]
    public void AnEncodingThatIsNotWhatItSaysIsSkipped() =>
        Assert.Equal((null, "it is neither UTF-8 nor gbk, which it declares"), Read([.. "<meta charset=gbk><p>"u8, 0x81, 0x20]));

    [Fact]
    public void APageOfScriptsIsSkipped() => Assert.NotNull(Read("<script>let a;</script><nav>Home</nav>"u8.ToArray()).Skipped);

    [Fact]
    public void DeepNestingIsNoTrouble() =>
        Assert.Equal("deep", Text(string.Concat(Enumerable.Repeat("<div>", 20_000)) + "deep"));
}

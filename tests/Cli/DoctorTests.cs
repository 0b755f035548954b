namespace Dayu.Tests;

/// <summary>Who asks what is wrong is told all of it, whatever is wrong.</summary>
public sealed class DoctorTests
{
    [Theory]
    [InlineData("""{ "context": """, "cannot be read as settings"), InlineData("[]", "cannot be read as settings"),
     InlineData("""{ "contxt": 5 }""", "there is no setting 'contxt'"), InlineData("""{ "format": "pdf" }""", "format is 'pdf'")]
    public void ABrokenFileIsAFinding(string content, string says)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["dayu.json"], content);
        var ran = new Caller { Folder = folder.Path }.Run("doctor");
        Assert.Equal(0, ran.Code);
        ran.Warns(says);
        Assert.Contains(new Caller { Folder = folder.Path }.Run("doctor", "--json").Json["warnings"]!.AsArray(),
            w => w!.ToString().Contains(says, StringComparison.Ordinal));
        Assert.Equal(2, new Caller { Folder = folder.Path }.Run("ls").Code);
    }

    [Fact]
    public void SoIsAVariable()
    {
        var ran = new Caller { Environment = { ["DAYU_THREADS"] = "many", ["DAYU_FORMAT"] = "pdf" } }.Run("doctor");
        Assert.Equal(0, ran.Code);
        ran.Warns("threads is 'many'");
        ran.Warns("format is 'pdf'");
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Dayu.Templates;

namespace Dayu.Tests;

/// <summary>
/// Small templates over one set of variables, against what Jinja itself makes of them (fixtures/templates/jinja.json).
/// </summary>
public sealed class PythonSemanticsTests
{
    static JsonObject Fixture()
    {
        var path = Path.Combine(Fixtures.Repo, "tests", "fixtures", "templates", "jinja.json");
        return JsonNode.Parse(File.ReadAllText(path))!.AsObject();
    }

    public static TheoryData<string> Groups() => [.. Fixture()["groups"]!.AsObject().Select(g => g.Key)];

    [Theory]
    [MemberData(nameof(Groups))]
    public void RendersWhatJinjaRenders(string group)
    {
        var fixture = Fixture();
        var failures = new StringBuilder();
        foreach (var example in fixture["groups"]![group]!.AsArray())
        {
            string template = example![0]!.GetValue<string>();
            string? expected = example.AsArray().Count > 1 ? example[1]!.GetValue<string>() : null;
            string? rendered = null, error = null;
            try
            {
                rendered = ChatTemplate.Parse(template).Render(fixture["variables"]!.AsObject(), TimeProvider.System).Text;
            }
            catch (TemplateException e)
            {
                error = e.Message;
            }
            if (rendered != expected)
                failures.AppendLine($"{template}\n  expected: {expected ?? "an error"}\n  rendered: {rendered ?? "error: " + error}");
        }
        Assert.True(failures.Length == 0, failures.ToString());
    }
}

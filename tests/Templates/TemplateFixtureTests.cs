using System.Text;
using System.Text.Json.Nodes;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// Every template of the shared fixtures over every conversation, against what Transformers' engine renders:
/// NAME.jinja, NAME.json {conversation: text or {"error": …}}, conversations.json {conversation: variables}.
/// </summary>
public sealed class TemplateFixtureTests
{
    const string None = "(no shared fixtures)";

    /// <summary>The moment the fixtures were made at.</summary>
    static readonly TimeProvider clock = new FixedClock(new(2026, 7, 1, 9, 30, 0, TimeSpan.Zero));

    /// <summary>The repository's root: where the solution is.</summary>
    internal static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root.Parent is not null && !File.Exists(Path.Combine(root.FullName, "Dayu.slnx")))
            root = root.Parent;
        return root.FullName;
    }

    static string? Folder()
    {
        string shared = Environment.GetEnvironmentVariable("DAYU_SHARED") ?? Path.Combine(Root(), "..", "shared");
        string folder = Path.Combine(shared, "fixtures", "templates");
        return Directory.Exists(folder) ? folder : null;
    }

    public static TheoryData<string> Names() =>
        [.. Folder() is { } folder ? Directory.GetFiles(folder, "*.jinja").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal) : new[] { None }.Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void RendersWhatTransformersRenders(string name)
    {
        if (name == None)
            Assert.Skip("the folder of chat template fixtures is not there (DAYU_SHARED/fixtures/templates)");
        string folder = Folder()!;
        var conversations = Json(Path.Combine(folder, "conversations.json"));
        var template = ChatTemplate.Parse(File.ReadAllText(Path.Combine(folder, name + ".jinja")), name);
        var failures = new StringBuilder();
        int passed = 0;
        foreach (var (conversation, expected) in Json(Path.Combine(folder, name + ".json")))
        {
            string? difference = Difference(template, conversations[conversation]!.AsObject(), expected!);
            if (difference is null)
                passed++;
            else
                failures.AppendLine($"{name}, conversation '{conversation}': {difference}");
        }
        Assert.True(failures.Length == 0, $"{passed} conversations are right, but\n{failures}");
    }

    static JsonObject Json(string path) => JsonNode.Parse(File.ReadAllText(path))!.AsObject();

    static string? Difference(ChatTemplate template, JsonObject conversation, JsonNode expected)
    {
        var variables = new JsonObject { ["add_generation_prompt"] = true, ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["pad_token"] = "<pad>", ["unk_token"] = "<unk>" };
        foreach (var (key, value) in conversation)
            variables[key] = value?.DeepClone();
        string text;
        try
        {
            text = template.Render(variables, clock).Text;
        }
        catch (TemplateException e)
        {
            return expected is JsonObject ? null : $"error where text was expected: {e.Message}";
        }
        if (expected is JsonObject error)
            return $"text where an error was expected ({error["error"]}): {text}";
        string right = expected.GetValue<string>();
        int at = text.AsSpan().CommonPrefixLength(right);
        return text == right ? null : $"differs at character {at}\n  expected: …{Around(right, at)}\n  rendered: …{Around(text, at)}";
    }

    static string Around(string text, int at) => text[Math.Max(0, at - 40)..Math.Min(text.Length, at + 60)].Replace("\n", "\\n", StringComparison.Ordinal);
}

/// <summary>A clock that stands still, in Coordinated Universal Time.</summary>
sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
}

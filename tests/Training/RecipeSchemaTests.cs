using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>
/// docs/recipe.schema.json is what the records of recipes say: their fields, their comments, their defaults. Where it is not any more,
/// the test leaves the right one in <c>artifacts</c>.
/// </summary>
public sealed partial class RecipeSchemaTests
{
    const string Page = "docs/recipe.schema.json";

    static readonly JsonSerializerOptions indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly Dictionary<string, string> comments = XDocument.Load(Path.ChangeExtension(typeof(Recipe).Assembly.Location, ".xml"))
        .Descendants("member").Where(m => m.Element("summary") is not null)
        .ToDictionary(m => m.Attribute("name")!.Value, m => Words(m.Element("summary")!));

    static readonly JsonNode defaults = JsonNode.Parse(RecipeFile.Text(new Recipe()))!;

    [Fact]
    public void ThePageIsWhatTheRecordsSay()
    {
        var described = new JsonSchemaExporterOptions { TransformSchemaNode = Described, TreatNullObliviousAsNonNullable = true };
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(RecipeJson.Default.Recipe, described).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A recipe: everything that decides what a training makes");
        var text = schema.ToJsonString(indented) + "\n";
        var made = House.At("artifacts/recipe.schema.json");
        File.WriteAllText(made, text);
        Assert.True(File.Exists(House.At(Page)) && House.Text(Page) == text, $"{Page} is not up to date: copy {made} there");
    }

    /// <summary>Neither a recipe nor a source of one can be null.</summary>
    [Fact]
    public void ARecipeAndItsSourcesAreObjects()
    {
        var schema = JsonNode.Parse(House.Text(Page))!;
        Assert.Equal("object", (string?)schema["type"]);
        var source = schema["properties"]!["data"]!["properties"]!["sources"]!["items"]!["anyOf"]!.AsArray();
        Assert.Equal(["string", "object"], source.Select(s => (string?)s!["type"]));
    }

    [Fact]
    public void EveryFieldIsExplained()
    {
        var fields = 0;
        Walk(JsonNode.Parse(House.Text(Page))!.AsObject(), "");
        Assert.True(fields > 30, $"{fields} fields");

        void Walk(JsonObject schema, string path)
        {
            var item = (schema["items"]?["anyOf"] as JsonArray)?.Last() as JsonObject;       // of a list: what one of it may be
            foreach (var (name, field) in (item ?? schema)["properties"] as JsonObject ?? [])
            {
                fields++;
                Assert.True(field?["description"]?.ToString().Length > 5, $"{path}{name} has no description");
                if (field is JsonObject known) Walk(known, $"{path}{name}.");
            }
        }
    }

    static JsonNode Described(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.TypeInfo.Type == typeof(SourceRecipe) && schema is JsonObject source)   // a path alone stands for it
            return new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, source) };
        if (context.PropertyInfo?.AttributeProvider is not MemberInfo member) return schema;
        var said = schema as JsonObject ?? [];                        // true: anything may stand there
        if (comments.TryGetValue($"P:{member.DeclaringType!.FullName}.{member.Name}", out var words)) said.Insert(0, "description", words);
        JsonNode? value = defaults;
        foreach (var name in PropertyNames(context.Path)) value = (value as JsonObject)?[name];
        if (value is not null and not JsonObject) said["default"] = value.DeepClone();
        return said;
    }

    static IEnumerable<string> PropertyNames(ReadOnlySpan<string> path)
    {
        var names = new List<string>();
        for (var i = 0; i + 1 < path.Length; i++) if (path[i] == "properties") names.Add(path[++i]);
        return names;
    }

    /// <summary>A comment as plain text: what a reference names is its last part.</summary>
    static string Words(XElement summary)
    {
        foreach (var see in summary.Descendants("see").ToArray())
            see.ReplaceWith(see.Attribute("cref")!.Value.Split('.')[^1]);
        return Blanks().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

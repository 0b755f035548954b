using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>The functions that a model may call, as people write them into a file.</summary>
public static class ToolList
{
    const string Form = "expected a JSON array of functions: [{\"type\": \"function\", \"function\": …}]";
    const int MaxDepth = 150;

    /// <summary>The functions of a list.</summary>
    /// <param name="json">A JSON array of objects.</param>
    /// <param name="source">What errors call it: the file.</param>
    /// <exception cref="InvalidDataException">It is no such thing; says what, in which line, at which key.</exception>
    public static JsonArray Parse(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var value = JsonParser.Parse(Run.Unbounded(source), new AuthoredText(json, Author.User), source);
            if (value is not SequenceValue list)
                throw new InvalidDataException($"{source}: found a {value.Type}, {Form}");
            for (int i = 0; i < list.List.Count; i++)
                if (list.List[i] is not DictValue)
                    throw new InvalidDataException($"{source}: [{i}] is a {list.List[i].Type}, {Form}");
            return JsonNode.Parse(json, documentOptions: new() { MaxDepth = MaxDepth })!.AsArray();
        }
        catch (TemplateException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: NaN or Infinity, which only Python takes for JSON; write a number", e);
        }
    }
}

using System.Text;
using System.Text.Json;
using Dayu.Web;

namespace Dayu.Tests;

/// <summary>The modules that read streams and draw text, in a browser, by themselves.</summary>
public sealed class WebProseTests(Browser browser)
{
    static string Module(string name) => $"/{new PageFiles().Base}/{name}";

    /// <summary>Draws texts, each whole and cut into single characters; gives both as markup.</summary>
    const string Draw =
        """
        async ([module, texts]) => {
          const { Prose } = await import(module);
          const drawn = pieces => {
            const prose = new Prose(document.createElement('div'));
            for (const piece of pieces) prose.grow(piece);
            for (const name of ['dir', 'tabindex', 'role', 'aria-label', 'data-name', 'data-say', 'type'])
              for (const e of prose.element.querySelectorAll(`[${name}]`)) e.removeAttribute(name);
            for (const e of prose.element.querySelectorAll('button')) e.remove();
            return prose.element.innerHTML;
          };
          return texts.map(text => [drawn([text]), drawn([...text])]);
        }
        """;

    async Task<string[][]> Drawn(params string[] texts)
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        var drawn = await visit.Page.EvaluateAsync<string[][]>(Draw, new object[] { Module("prose.js"), texts });
        visit.IsClean();
        return drawn;
    }

    [Fact]
    public async Task BlocksAreDrawnAsWhatTheyAre()
    {
        (string Text, string Markup)[] cases =
        [
            ("One\ntwo\n\nthree", "<p>One\ntwo</p><p>three</p>"),
            ("# Title\ntext", "<h3>Title</h3><p>text</p>"),
            ("Text\n## Title ##\n", "<p>Text</p><h4>Title</h4>"),
            ("a **b** `c*` *d* 2 * 3 * 4, x*y*z, **open",
                "<p>a <strong>b</strong> <code>c*</code> <em>d</em> 2 * 3 * 4, x*y*z, **open</p>"),
            ("see:\n- one\n- two\n  more\n  - in\n- three",
                "<p>see:</p><ul><li>one</li><li>two\nmore<ul><li>in</li></ul></li><li>three</li></ul>"),
            ("1. a\n2. b\n\n3. c", "<ol><li>a</li><li>b</li></ol><ol start=\"3\"><li>c</li></ol>"),
            ("```js\nlet a;\n\nlet b;\n```\nafter",
                "<figure class=\"code\"><figcaption><span>js</span></figcaption>"
                    + "<pre><code>let a;\n\nlet b;</code></pre></figure><p>after</p>"),
            ("before\n```\nopen <b>",
                "<p>before</p><figure class=\"code\"><figcaption><span></span></figcaption>"
                    + "<pre><code>open &lt;b&gt;</code></pre></figure>"),
            ("up\n\n---\n\ndown", "<p>up</p><hr><p>down</p>"),
            ("这是**重点**。\n\n- 一\n- 二", "<p>这是<strong>重点</strong>。</p><ul><li>一</li><li>二</li></ul>"),
        ];
        var drawn = await Drawn([.. cases.Select(c => c.Text)]);
        foreach (var ((text, markup), both) in cases.Zip(drawn))
        {
            Assert.Equal((text, markup), (text, both[0]));
            Assert.Equal((text, markup), (text, both[1]));
        }
    }

    /// <summary>A text looks the same however it was cut while it came.</summary>
    [Fact]
    public async Task CutsDoNotShow()
    {
        var random = new Random(20);
        string[] parts =
        [
            "a", "word ", "\n", "\n\n", "```", "```js\n", "# ", "- ", "  - ", "1. ", "**", "*", "`", "大", "禹", "\t", "---\n", "<b>", " ",
        ];
        string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => parts[random.Next(parts.Length)]));
        string[] texts = [.. Enumerable.Range(0, 400).Select(_ => Text())];
        var drawn = await Drawn(texts);
        Assert.Equal(texts.Zip(drawn, (t, d) => (t, d[0])), texts.Zip(drawn, (t, d) => (t, d[1])));
    }

    /// <summary>Events come out whole, cut at any byte: within a character, a line, a line's end.</summary>
    [Fact]
    public async Task EventsSurviveEveryCut()
    {
        var stream = Encoding.UTF8.GetBytes(
            ": hello\r\ndata: {\"a\":\"大禹\"}\r\n\r\nevent: x\ndata:one\ndata: two\n\nid: 3\r\rdata: 🐋\r\n\r\ndata: lost");
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        var read = await visit.Page.EvaluateAsync<string[]>(
            """
            async ([module, bytes]) => {
              const { events } = await import(module);
              const all = new Set();
              for (let cut = 0; cut <= bytes.length; cut++) {
                const body = new ReadableStream({ start(c) {
                  for (const part of [bytes.slice(0, cut), bytes.slice(cut)]) if (part.length) c.enqueue(new Uint8Array(part));
                  c.close();
                } });
                const out = [];
                for await (const data of events(body)) out.push(data);
                all.add(JSON.stringify(out));
              }
              return [...all];
            }
            """, new object[] { Module("sse.js"), stream.Select(b => (int)b).ToArray() });
        var only = Assert.Single(read);
        Assert.Equal(["{\"a\":\"大禹\"}", "one\ntwo", "🐋"], JsonSerializer.Deserialize<string[]>(only)!);
    }
}

package dev.parvi.runtime.command;

import dev.parvi.runtime.EntityCatalog;
import dev.parvi.runtime.Node;
import dev.parvi.runtime.NodeSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code parvi openapi}: the document that a node would show, without a node. */
@Command(
        name = "openapi",
        description =
                "Prints the OpenAPI document of the entities, as a node shows it at /openapi.json. Starts nothing.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  parvi openapi > openapi.json",
            "  parvi openapi --entities ./my-entities > openapi.json"
        })
final class OpenApiCommand implements Runnable {
    @Mixin
    private EntityOptions entities = new EntityOptions();

    @Mixin
    private SettingsOptions more = new SettingsOptions();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        var config = more.layers(entities.keys()).effective();
        var found = EntityCatalog.load(NodeSettings.from(config).entityFolders());
        var out = spec.commandLine().getOut();
        out.println(Node.openApi(config, found));
        out.flush();
    }
}

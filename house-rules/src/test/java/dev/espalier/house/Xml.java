// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Questions in XPath to a pom.xml. */
final class Xml {

    private final Node root;

    private Xml(Node root) {
        this.root = root;
    }

    static Xml of(String file) {
        try {
            return new Xml(
                    DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .parse(Repository.ROOT.resolve(file).toFile()));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException("%s cannot be read".formatted(file), e);
        }
    }

    List<Xml> all(String path) {
        NodeList nodes;
        try {
            nodes =
                    (NodeList)
                            XPathFactory.newDefaultInstance()
                                    .newXPath()
                                    .evaluate(path, root, XPathConstants.NODESET);
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(path, e);
        }
        return IntStream.range(0, nodes.getLength()).mapToObj(i -> new Xml(nodes.item(i))).toList();
    }

    List<String> texts(String path) {
        return all(path).stream().map(node -> node.root.getTextContent().strip()).toList();
    }

    String name() {
        return root.getNodeName();
    }
}

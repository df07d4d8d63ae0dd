/** A page that fails to draw says so in words; the rest goes on. */
import { Component, type ComponentChildren } from "preact";
import { say } from "../words";
import { Empty } from "./basics";

interface Props {
  /** Another place is another try. */
  at: string;
  children: ComponentChildren;
}

interface State {
  failedAt: string | null;
}

export class Boundary extends Component<Props, State> {
  override state: State = { failedAt: null };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ failedAt: this.props.at });
  }

  override render() {
    if (this.state.failedAt !== this.props.at) return this.props.children;
    const words = say();
    return (
      <Empty page title={words("error.unexpected")} say={words("error.unexpected.do")}>
        <button type="button" onClick={() => this.setState({ failedAt: null })}>
          {words("do.again")}
        </button>
      </Empty>
    );
  }
}
